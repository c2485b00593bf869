//! The preview's server: what each address is answered with, who is answered, and what tabs are
//! told when something changes.

mod events;
mod live;

use std::fs;
use std::net::TcpListener;

use crate::site::{MINIMAL, Site, repository};
use live::Serve;

/// A site with some of each that an address can lead to.
fn site() -> Site {
    Site::example()
        .file("site.toml", MINIMAL)
        .file("content/static/both.html", "<p>a file")
        .file("content/static/both/index.html", "<p>a folder")
        .file("content/static/a b/ü%.txt", "odd")
        .file("content/static/.well-known/security.txt", "hidden")
        .file("content/static/data", [0, 1, 2])
}

#[test]
fn addresses_lead_where_github_pages_leads_them() {
    let site = site();
    let serve = Serve::opened(&site, &[]);
    for (path, status, content_type) in [
        ("/archive/", 200, "text/html; charset=utf-8"),
        ("/archive/index.html", 200, "text/html; charset=utf-8"),
        ("/archive/about", 200, "text/html; charset=utf-8"),
        ("/archive/about.html?x=1", 200, "text/html; charset=utf-8"),
        ("/archive/tags/", 200, "text/html; charset=utf-8"),
        ("/archive/feed.xml", 200, "application/xml"),
        ("/archive/feed.json", 200, "application/json"),
        ("/archive/assets/style.css", 200, "text/css; charset=utf-8"),
        (
            "/archive/assets/gleaner.js",
            200,
            "text/javascript; charset=utf-8",
        ),
        ("/archive/sitemap.xml", 200, "application/xml"),
        ("/archive/robots.txt", 200, "text/plain; charset=utf-8"),
        (
            "/archive/a%20b/%C3%BC%25.txt",
            200,
            "text/plain; charset=utf-8",
        ),
        (
            "/archive/.well-known/security.txt",
            200,
            "text/plain; charset=utf-8",
        ),
        ("/archive/data", 200, "application/octet-stream"),
        ("/archive/about/", 404, "text/html; charset=utf-8"),
        ("/archive/nowhere", 404, "text/html; charset=utf-8"),
        ("/archive/.gleaner-files", 404, "text/html; charset=utf-8"),
        ("/elsewhere", 404, "text/plain; charset=utf-8"),
        ("/favicon.ico", 404, "text/plain; charset=utf-8"),
    ] {
        let reply = serve.get(path);
        assert_eq!(reply.status, status, "{path}");
        assert_eq!(reply.header("content-type"), Some(content_type), "{path}");
        assert_eq!(reply.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(reply.header("cache-control"), Some("no-cache"));
        assert_eq!(
            reply.header("cross-origin-resource-policy"),
            Some("same-origin")
        );
    }
    for (path, status, to) in [
        ("/", 302, "/archive/"),
        ("/archive", 301, "/archive/"),
        ("/archive/tags", 301, "/archive/tags/"),
        ("/archive/tags?a=b", 301, "/archive/tags/?a=b"),
    ] {
        let reply = serve.get(path);
        assert_eq!(
            (reply.status, reply.header("location")),
            (status, Some(to)),
            "{path}"
        );
    }
    assert!(
        serve
            .get("/archive/both")
            .text()
            .starts_with("<p>a file<script")
    );
    assert!(
        serve
            .get("/archive/both/")
            .text()
            .starts_with("<p>a folder<script")
    );
    assert!(
        serve
            .get("/archive/nowhere")
            .text()
            .contains("<h1>Not found</h1>")
    );
    assert!(
        serve
            .get("/elsewhere")
            .text()
            .contains("the site is at /archive/")
    );
}

#[test]
fn no_address_leads_out_of_the_site() {
    let site = site();
    let serve = Serve::opened(&site, &[]);
    for path in [
        "/archive/../site.toml",
        "/archive/%2e%2e/site.toml",
        "/archive/..%2fsite.toml",
        "/archive/assets/../../site.toml",
        "/archive/..%5csite.toml",
        "/archive/about.html%00",
        "/archive/%ff",
        "/../etc/passwd",
    ] {
        assert_eq!(serve.get(path).status, 400, "{path}");
    }
    for path in [
        "/archive//etc/passwd",
        "/archive/content/notes",
        "/archive/site.toml",
    ] {
        assert_eq!(serve.get(path).status, 404, "{path}");
    }
}

#[test]
fn only_its_own_names_are_answered() {
    let site = site();
    let serve = Serve::opened(&site, &["--host", "localhost"]);
    let port = serve.host.rsplit_once(':').unwrap().1;
    for path in [
        "/archive/",
        "/-gleaner/reload.js",
        "/-gleaner/events?page=%2F",
    ] {
        let ask = |headers: &str| {
            serve.send(&format!(
                "HEAD {path} HTTP/1.1\r\n{headers}Connection: close\r\n\r\n"
            ))
        };
        for (host, allowed) in [
            (format!("localhost:{port}"), true),
            (format!("127.0.0.1:{port}"), true),
            ("[::1]:80".to_owned(), true),
            (format!("evil.example:{port}"), false),
            (format!("127.0.0.1.evil.example:{port}"), false),
            ("192.168.1.1".to_owned(), false),
        ] {
            let reply = ask(&format!("Host: {host}\r\n"));
            assert_eq!(
                reply.status,
                if allowed { 200 } else { 403 },
                "{path} {host}"
            );
        }
        assert_eq!(ask("").status, 400, "{path}: no host");
        for (origin, allowed) in [
            (format!("http://localhost:{port}"), true),
            ("http://localhost:1".to_owned(), false),
            ("https://evil.example".to_owned(), false),
            ("null".to_owned(), false),
            (format!("foo://localhost:{port}"), false),
            (format!("ws://localhost:{port}"), false),
            (format!("localhost:{port}"), false),
        ] {
            let reply = ask(&format!("Host: localhost:{port}\r\nOrigin: {origin}\r\n"));
            assert_eq!(
                reply.status,
                if allowed { 200 } else { 403 },
                "{path} {origin}"
            );
        }
    }
    let absolute =
        "GET http://evil.example/archive/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    assert_eq!(serve.send(absolute).status, 403);
}

#[test]
fn one_can_only_read() {
    let site = site();
    let serve = Serve::opened(&site, &[]);
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "TRACE"] {
        for path in ["/archive/", "/-gleaner/events", "/nowhere"] {
            let reply = serve.ask(method, path, "Content-Length: 0\r\n");
            assert_eq!(reply.status, 405, "{method} {path}");
            let allowed = reply.header("allow").unwrap().replace(", ", ",");
            assert_eq!(allowed, "GET,HEAD", "{method} {path}");
        }
    }
    let get = serve.get("/archive/about.html");
    let head = serve.ask("HEAD", "/archive/about.html", "");
    assert_eq!((head.status, head.body.len()), (200, 0));
    for name in ["content-length", "content-type", "etag"] {
        assert_eq!(head.header(name), get.header(name));
    }
}

#[test]
fn what_a_browser_has_is_not_sent_again() {
    let site = site();
    let serve = Serve::opened(&site, &[]);
    for path in [
        "/archive/about.html",
        "/archive/assets/style.css",
        "/-gleaner/reload.js",
    ] {
        let tag = serve.get(path).header("etag").unwrap().to_owned();
        for (known, status) in [
            (tag.clone(), 304),
            (format!("\"other\", W/{tag}"), 304),
            ("*".to_owned(), 304),
            ("\"other\"".to_owned(), 200),
        ] {
            let reply = serve.ask("GET", path, &format!("If-None-Match: {known}\r\n"));
            assert_eq!(reply.status, status, "{path} {known}");
            assert_eq!(reply.body.is_empty(), status == 304);
            assert_eq!(reply.header("etag"), Some(&*tag));
        }
    }
    let missing = serve.ask("GET", "/archive/nowhere", "If-None-Match: *\r\n");
    assert_eq!((missing.status, missing.header("etag")), (404, None));
}

#[test]
fn the_path_can_be_another_one() {
    let site = site();
    let serve = Serve::opened(&site, &["--base-path", "/a b"]);
    assert_eq!(serve.get("/").header("location"), Some("/a%20b/"));
    assert_eq!(serve.get("/a%20b/about.html").status, 200);
    assert_eq!(serve.get("/archive/").status, 404);
    let serve = Serve::opened(&site, &["--base-path", "/"]);
    assert_eq!(serve.get("/").status, 200);
    assert_eq!(serve.get("/tags").header("location"), Some("/tags/"));
    assert_eq!(serve.get("//tags").status, 404);
    let canonical = "<link rel=\"canonical\" href=\"https://example.org/about.html\">";
    assert!(serve.get("/about.html").text().contains(canonical));
}

#[test]
fn a_taken_port_gives_the_next_free_one() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let site = site();
    let serve = Serve::opened(&site, &["--port", &port.to_string()]);
    let next: u16 = serve.host.rsplit_once(':').unwrap().1.parse().unwrap();
    assert!(next > port, "{next} {port}");
    assert_eq!(serve.get("/archive/").status, 200);
}

#[test]
fn what_cannot_be_served_is_told_at_once() {
    let site = site();
    for (arguments, told) in [
        (
            ["--host", "no.such.host.invalid"],
            "cannot find the host no.such.host.invalid",
        ),
        (["--host", "192.0.2.1"], "cannot listen at 192.0.2.1"),
        (["--port", "70000"], "--help"),
    ] {
        let outcome = site.gleaner(&[&["serve"], &arguments[..]].concat());
        assert_eq!(outcome.code, 2, "{arguments:?}");
        assert!(outcome.stderr.contains(told), "{}", outcome.stderr);
    }
}

#[test]
fn a_site_that_is_broken_at_first_waits_for_the_mend() {
    let site = site().file("site.toml", "[site]\ntitle = \"<img src=x>\" oops\n");
    let mut serve = Serve::opened(&site, &[]);
    for path in ["/", "/archive/", "/anything"] {
        let reply = serve.get(path);
        assert_eq!(reply.status, 503, "{path}");
        let page = reply.text();
        assert!(
            page.contains("error[config-syntax]") && page.contains("site.toml:2:"),
            "{page}"
        );
        assert!(
            page.contains("&lt;img src=x&gt;") && !page.contains("<img"),
            "{page}"
        );
    }
    let tab = serve.visit("/archive/about.html");
    let stream = serve.listen(&tab);
    assert_eq!(stream.expect("diagnostics")["errors"], 1);
    fs::write(site.path().join("site.toml"), MINIMAL).unwrap();
    serve.wait_for("changed");
    stream.expect("reload");
    assert_eq!(serve.get("/archive/about.html").status, 200);
}

#[test]
fn every_page_served_is_the_page_built() {
    let example = fs::read_to_string(repository().join("site.toml")).unwrap();
    let short_lists = format!("{example}\n[lists]\nhome = 5\npage = 2\n");
    let awkward = "tests/browser/awkward/2025-10-01T05-00-00Z.xml";
    for (urls, settings, base_path) in [
        ("files", &short_lists, None),
        ("folders", &short_lists, Some("/a b/")),
        ("files", &example, Some("/")),
    ] {
        let output = if settings.contains("[output]") {
            ""
        } else {
            "[output]\n"
        };
        let site = Site::example()
            .file(
                "site.toml",
                format!("{settings}\n{output}urls = \"{urls}\"\n"),
            )
            .file(
                "content/snapshots/awkward/2025-10-01T05-00-00Z.xml",
                fs::read(repository().join(awkward)).unwrap(),
            )
            .file("content/static/a b/ü%.html", "<p>no end")
            .file("content/static/data", [0, 1, 2]);
        let origin = "https://example.org";
        let mount = base_path.unwrap_or("/archive/").replace(' ', "%20");
        let built = site.build_into(
            site.path().join("public"),
            &["--base-url", &format!("{origin}{mount}")],
        );
        let arguments: &[&str] = match &base_path {
            Some(path) => &["--base-path", path],
            None => &[],
        };
        let serve = Serve::opened(&site, arguments);
        let tree = built.tree();
        assert!(tree.len() > 90, "{}", tree.len());
        for (path, bytes) in tree {
            // What a build remembers of an index, and nobody asks for.
            if path.starts_with("pagefind/") && path.ends_with("/key.txt") {
                continue;
            }
            let address: String = url::form_urlencoded::byte_serialize(path.as_bytes()).collect();
            let address = address.replace("%2F", "/").replace('+', "%20");
            let reply = serve.get(&format!("{mount}{address}"));
            assert_eq!(reply.status, 200, "{path}");
            let served = if path.ends_with(".html") {
                reply.without_script()
            } else {
                reply.body
            };
            assert!(served == bytes, "{path} differs");
        }
    }
}
