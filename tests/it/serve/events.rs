//! What tabs are told: each only what concerns it, at once, and whatever it missed.

use std::fs;

use super::live::{Serve, Tab};
use super::site;

const NOTE: &str = "+++\nentry = \"https://www.w3.org/Provider/Style/URI\"\n+++\n\nMy own words.\n";

#[test]
fn only_the_tab_whose_page_changed_is_to_reload() {
    let site = site().file("content/pages/other.md", "Other words.\n");
    let mut serve = Serve::opened(&site, &[]);
    let about = serve.listen(&serve.visit("/archive/about.html"));
    let other = serve.listen(&serve.visit("/archive/other"));
    let again = serve.listen(&serve.visit("/archive/other"));
    for stream in [&about, &other, &again] {
        assert_eq!(stream.expect("diagnostics")["errors"], 0);
    }
    fs::write(site.path().join("content/pages/other.md"), "More words.\n").unwrap();
    serve.wait_for("changed");
    other.expect("reload");
    again.expect("reload");
    // The new state is in place when a tab is told.
    assert!(serve.get("/archive/other").text().contains("More words."));
    // Whatever `about` is told of that change, it is told before what comes of the next one.
    let page = site.path().join("content/pages/about.md");
    let words = fs::read_to_string(&page).unwrap() + "\nOne more paragraph.\n";
    fs::write(page, words).unwrap();
    serve.wait_for("changed");
    about.expect("reload");
    about.is_silent();
    other.is_silent();
}

#[test]
fn a_page_that_goes_or_comes_is_shown_so() {
    let site = site().file("content/pages/other.md", "Other words.\n");
    let mut serve = Serve::opened(&site, &[]);
    let (gone, missing) = (
        serve.visit("/archive/other.html"),
        serve.visit("/archive/later"),
    );
    let (gone, missing) = (serve.listen(&gone), serve.listen(&missing));
    gone.expect("diagnostics");
    missing.expect("diagnostics");
    fs::rename(
        site.path().join("content/pages/other.md"),
        site.path().join("content/pages/later.md"),
    )
    .unwrap();
    serve.wait_for("changed");
    gone.expect("reload");
    missing.expect("reload");
    assert_eq!(serve.get("/archive/other.html").status, 404);
    assert_eq!(serve.get("/archive/later").status, 200);
}

#[test]
fn a_tab_that_missed_a_change_is_told_when_it_asks() {
    let site = site().file("content/pages/other.md", "Other words.\n");
    let mut serve = Serve::opened(&site, &[]);
    let (about, other) = (serve.visit("/archive/about"), serve.visit("/archive/other"));
    fs::write(site.path().join("content/pages/other.md"), "More words.\n").unwrap();
    serve.wait_for("changed");
    serve.listen(&other).expect("reload");
    serve.listen(&about).expect("diagnostics");
    // A server that was started again knows no more than what the tab says.
    drop(serve);
    let serve = Serve::opened(&site, &[]);
    serve.listen(&other).expect("reload");
    let stream = serve.listen(&about);
    stream.expect("diagnostics");
    assert!(stream.expect("assets")["paths"].is_null());
}

#[test]
fn a_tab_is_told_which_assets_changed() {
    let site = site()
        .file("content/static/a b.css", "a { color: red }")
        .file("content/static/b.css", "b { color: red }");
    let mut serve = Serve::opened(&site, &[]);
    let tab = serve.visit("/archive/about.html");
    for asset in ["a%20b.css", "b.css", "assets/style.css"] {
        assert_eq!(serve.get(&format!("/archive/{asset}")).status, 200);
    }
    let stream = serve.listen(&tab);
    stream.expect("diagnostics");
    fs::write(
        site.path().join("content/static/a b.css"),
        "a { color: blue }",
    )
    .unwrap();
    serve.wait_for("changed");
    let told = stream.expect("assets");
    assert_eq!(told["paths"], serde_json::json!(["/archive/a b.css"]));
    assert!(serve.get("/archive/a%20b.css").text().contains("blue"));
    // A page that was made before is told, too; one that was made after is not.
    serve.listen(&tab).expect("diagnostics");
    let late = serve.listen(&tab);
    late.expect("diagnostics");
    assert_eq!(late.expect("assets")["paths"], told["paths"]);
    let new = serve.listen(&serve.visit("/archive/about.html"));
    new.expect("diagnostics");
    fs::write(
        site.path().join("content/static/b.css"),
        "b { color: blue }",
    )
    .unwrap();
    serve.wait_for("changed");
    let told = new.expect("assets");
    assert_eq!(told["paths"], serde_json::json!(["/archive/b.css"]));
}

#[test]
fn what_is_wrong_is_told_and_the_last_good_page_stays() {
    let site = site().file("content/notes/x.md", NOTE);
    let mut serve = Serve::opened(&site, &[]);
    let good = serve.get("/archive/").without_script();
    let stream = serve.listen(&serve.visit("/archive/"));
    assert_eq!(stream.expect("diagnostics")["errors"], 0);
    let template = site.path().join("themes/gleaner/templates/home.html");
    fs::create_dir_all(template.parent().unwrap()).unwrap();
    fs::write(
        &template,
        "{% extends \"gleaner/home.html\" %}\n{{ oops }\n",
    )
    .unwrap();
    let told = stream.expect("diagnostics");
    assert_eq!(told["errors"], 1);
    let one = &told["items"][0];
    assert_eq!(
        (&one["severity"], &one["code"]),
        (&"error".into(), &"template-syntax".into())
    );
    assert_eq!(one["file"], "themes/gleaner/templates/home.html");
    assert_eq!(one["line"], 2);
    assert!(one["excerpt"]["text"].as_str().unwrap().contains("oops"));
    assert!(serve.get("/archive/").without_script() == good);
    // A template that compiles and fails: told to those alone who look at such a page.
    let elsewhere = serve.listen(&serve.visit("/archive/about.html"));
    assert_eq!(elsewhere.expect("diagnostics")["errors"], 1);
    fs::write(&template, "{{ nothing.such }}\n").unwrap();
    assert_eq!(elsewhere.expect("diagnostics")["errors"], 0);
    let told = stream.expect("diagnostics");
    assert_eq!(told["items"][0]["code"], "template-failed");
    assert!(serve.get("/archive/").without_script() == good);
    fs::remove_file(&template).unwrap();
    assert_eq!(stream.expect("diagnostics")["errors"], 0);
    stream.is_silent();
    elsewhere.is_silent();
    serve.wait_for("changed");
}

#[test]
fn a_page_that_never_could_be_made_says_why() {
    let template = "themes/gleaner/templates/home.html";
    for (text, code) in [
        ("{{ nothing.such }}\n", "template-failed"),
        ("{{ oops }\n", "template-syntax"),
    ] {
        let site = site().file(template, text);
        let mut serve = Serve::opened(&site, &[]);
        let reply = serve.get("/archive/");
        assert_eq!(reply.status, 500, "{code}");
        let page = reply.text();
        assert!(page.contains(&format!("error[{code}]")), "{page}");
        let stream = serve.listen(&Tab::of(&page));
        assert_eq!(stream.expect("diagnostics")["errors"], 1);
        fs::remove_file(site.path().join(template)).unwrap();
        serve.wait_for("changed");
        stream.expect("reload");
        assert_eq!(serve.get("/archive/").status, 200);
    }
}

#[test]
fn a_template_that_does_not_end_is_stopped_and_the_page_comes_back() {
    let template = "themes/gleaner/templates/home.html";
    for (text, why) in [
        (
            "{% set r = range(end=100000) %}{% for a in r %}{% for b in r %}{% endfor %}{% endfor %}",
            "rounds of loops",
        ),
        (
            "{% set a = \"0123456789\" %}{% for i in range(end=60) %}{% set_global a = a ~ a %}{% endfor %}",
            "grows beyond 100 MB",
        ),
    ] {
        let site = site().file(template, text);
        let mut serve = Serve::opened(&site, &[]);
        let reply = serve.get("/archive/");
        assert_eq!(reply.status, 500);
        let page = reply.text();
        assert!(page.contains("error[template-failed]"), "{page}");
        assert!(page.contains(why), "{page}");
        // Other pages are as they were, and so is this one when the template is.
        assert_eq!(serve.get("/archive/about.html").status, 200);
        fs::remove_file(site.path().join(template)).unwrap();
        serve.wait_for("changed");
        assert_eq!(serve.get("/archive/").status, 200);
    }
}
