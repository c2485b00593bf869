//! Frames, players and plug-ins → a still link to what they show, drawn by us.
//!
//! The link loads nothing from anyone. If the owner allows frames after a click, it carries the
//! address of the frame, for the providers of [`PROVIDERS`] alone: the pages' Content-Security-
//! Policy names their hosts ([`frame_hosts`]) and no other.

use url::Url;

use crate::config::Embeds;

use super::links::{Origin, conforming};
use super::policy::EMBED_CLASS;
use super::tree::{Element, Node};

/// A frame that we understand.
struct Provider {
    /// How we name it.
    label: &'static str,
    /// The hosts whose frames it means.
    hosts: &'static [&'static str],
    /// From the address of a frame, or of the page that we link to, to both.
    read: fn(&Url) -> Option<Embed>,
}

/// What a frame shows.
#[derive(Debug, PartialEq, Eq)]
struct Embed {
    /// The page to link to.
    page: String,
    /// The address of the frame, where a frame may be opened.
    frame: Option<String>,
}

/// The hosts of all frames that a click may open, by https.
const FRAME_HOSTS: &[&str] = &[
    "archive.org",
    "codepen.io",
    "open.spotify.com",
    "player.vimeo.com",
    "w.soundcloud.com",
    "www.youtube-nocookie.com",
];

const PROVIDERS: &[Provider] = &[
    Provider {
        label: "Video on YouTube",
        hosts: &[
            "youtube.com",
            "m.youtube.com",
            "youtube-nocookie.com",
            "youtu.be",
        ],
        read: youtube,
    },
    Provider {
        label: "Video on Vimeo",
        hosts: &["player.vimeo.com", "vimeo.com"],
        read: vimeo,
    },
    Provider {
        label: "Audio on Spotify",
        hosts: &["open.spotify.com"],
        read: spotify,
    },
    Provider {
        label: "Audio on SoundCloud",
        hosts: &["w.soundcloud.com"],
        read: soundcloud,
    },
    Provider {
        label: "Pen on CodePen",
        hosts: &["codepen.io"],
        read: codepen,
    },
    Provider {
        label: "Internet Archive",
        hosts: &["archive.org"],
        read: archive,
    },
    Provider {
        label: "Post on Bluesky",
        hosts: &["embed.bsky.app"],
        read: bluesky,
    },
    Provider {
        label: "Post on X",
        hosts: &["platform.twitter.com", "platform.x.com"],
        read: tweet,
    },
    Provider {
        label: "Music on Bandcamp",
        hosts: &["bandcamp.com"],
        read: |_| None,
    },
];

/// The hosts that frames may come from, by https, for the Content-Security-Policy.
pub(crate) fn frame_hosts() -> &'static [&'static str] {
    FRAME_HOSTS
}

/// The link that stands for a frame; none where the policy, or the frame, leaves nothing.
pub(super) fn link<'a>(raw: &Element<'_>, origin: Origin<'_>, embeds: Embeds) -> Option<Node<'a>> {
    let src = origin.resource(raw.attribute("src")?)?;
    let url = Url::parse(&src).ok()?;
    if embeds == Embeds::None {
        return None;
    }
    let provider = provider(&url);
    let embed = read(provider, &url).unwrap_or(Embed {
        page: src,
        frame: None,
    });
    let mut link = Element::new("a")?;
    link.set("class", EMBED_CLASS);
    link.set("href", conforming(&embed.page).into_owned());
    if let Some(frame) = embed.frame.filter(|_| embeds == Embeds::Click) {
        link.set("data-frame", conforming(&frame).into_owned());
    }
    let title = raw
        .attribute("title")
        .map(str::trim)
        .filter(|title| !title.is_empty());
    let host = || {
        url.host_str()
            .unwrap_or_default()
            .trim_start_matches("www.")
            .to_owned()
    };
    let words = match (title, provider) {
        (Some(title), _) => title.to_owned(),
        (None, Some(provider)) => provider.label.to_owned(),
        (None, None) => format!("Embedded page on {}", host()),
    };
    link.children.push(Node::text(words));
    Some(Node::Element(link))
}

/// The frame that belongs to a page which an earlier pass made of a frame.
pub(super) fn frame_of(page: &str) -> Option<String> {
    let url = Url::parse(page).ok()?;
    let frame = read(provider(&url), &url)?.frame?;
    Some(conforming(&frame).into_owned())
}

fn provider(url: &Url) -> Option<&'static Provider> {
    let host = url.host_str()?.trim_start_matches("www.");
    PROVIDERS
        .iter()
        .find(|provider| provider.hosts.contains(&host))
}

fn read(provider: Option<&Provider>, url: &Url) -> Option<Embed> {
    match provider {
        Some(provider) => (provider.read)(url),
        // Any Mastodon server: `/@name/1234/embed`.
        None => {
            let page = url.as_str().strip_suffix("/embed")?;
            (url.path().starts_with("/@")).then(|| Embed {
                page: page.to_owned(),
                frame: None,
            })
        }
    }
}

fn parts(url: &Url) -> Vec<&str> {
    url.path_segments()
        .into_iter()
        .flatten()
        .filter(|part| !part.is_empty())
        .collect()
}

fn query(url: &Url, name: &str) -> Option<String> {
    url.query_pairs()
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}

/// An id as all providers write them; what else stands there is no id.
fn id(raw: &str) -> Option<&str> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    (!raw.is_empty() && raw.len() <= 128 && raw != "." && raw != ".." && raw.bytes().all(plain))
        .then_some(raw)
}

fn youtube(url: &Url) -> Option<Embed> {
    let parts = parts(url);
    let list = query(url, "list");
    let video = match (url.host_str()?, parts.as_slice()) {
        ("youtu.be", [video]) => (*video).to_owned(),
        (_, ["watch"]) => query(url, "v")?,
        (_, ["embed", "videoseries"] | ["playlist"]) => {
            let list = list?;
            let list = id(&list)?;
            return Some(Embed {
                page: format!("https://www.youtube.com/playlist?list={list}"),
                frame: Some(format!(
                    "https://www.youtube-nocookie.com/embed/videoseries?list={list}"
                )),
            });
        }
        (_, ["embed" | "v" | "shorts" | "live", video]) => (*video).to_owned(),
        _ => return None,
    };
    let video = id(&video)?;
    let start: String = query(url, "start")
        .or_else(|| query(url, "t"))
        .and_then(|start| start.trim_end_matches('s').parse::<u32>().ok())
        .filter(|start| *start > 0)
        .map_or_else(String::new, |start| start.to_string());
    let (page_start, frame_start) = if start.is_empty() {
        (String::new(), String::new())
    } else {
        (format!("&t={start}s"), format!("?start={start}"))
    };
    Some(Embed {
        page: format!("https://www.youtube.com/watch?v={video}{page_start}"),
        frame: Some(format!(
            "https://www.youtube-nocookie.com/embed/{video}{frame_start}"
        )),
    })
}

fn vimeo(url: &Url) -> Option<Embed> {
    let parts = parts(url);
    let [video] = parts.strip_prefix(&["video"]).unwrap_or(&parts) else {
        return None;
    };
    let video = id(video).filter(|video| video.bytes().all(|byte| byte.is_ascii_digit()))?;
    Some(Embed {
        page: format!("https://vimeo.com/{video}"),
        frame: Some(format!("https://player.vimeo.com/video/{video}?dnt=1")),
    })
}

fn spotify(url: &Url) -> Option<Embed> {
    let parts = parts(url);
    let [kind, item] = parts.strip_prefix(&["embed"]).unwrap_or(&parts) else {
        return None;
    };
    let (kind, item) = (id(kind)?, id(item)?);
    Some(Embed {
        page: format!("https://open.spotify.com/{kind}/{item}"),
        frame: Some(format!("https://open.spotify.com/embed/{kind}/{item}")),
    })
}

fn soundcloud(url: &Url) -> Option<Embed> {
    let page = Url::parse(&query(url, "url")?).ok()?;
    let known = matches!(page.host_str()?, "soundcloud.com" | "api.soundcloud.com");
    (known && page.scheme() == "https").then(|| Embed {
        // Without the player, only its own address leads to a track that has no name.
        page: if page.host_str() == Some("soundcloud.com") {
            page.to_string()
        } else {
            url.to_string()
        },
        frame: Some(url.to_string()).filter(|_| page.host_str() == Some("api.soundcloud.com")),
    })
}

fn codepen(url: &Url) -> Option<Embed> {
    let parts = parts(url);
    let (user, pen) = match parts.as_slice() {
        [user, "embed", "preview", pen] | [user, "embed" | "pen", pen] => (id(user)?, id(pen)?),
        _ => return None,
    };
    Some(Embed {
        page: format!("https://codepen.io/{user}/pen/{pen}"),
        frame: Some(format!("https://codepen.io/{user}/embed/{pen}")),
    })
}

fn archive(url: &Url) -> Option<Embed> {
    let parts = parts(url);
    let [_, item] = parts.as_slice() else {
        return None;
    };
    let item = id(item).filter(|_| matches!(parts[0], "embed" | "details"))?;
    Some(Embed {
        page: format!("https://archive.org/details/{item}"),
        frame: Some(format!("https://archive.org/embed/{item}")),
    })
}

fn bluesky(url: &Url) -> Option<Embed> {
    let parts = parts(url);
    let ["embed", did, "app.bsky.feed.post", post] = parts.as_slice() else {
        return None;
    };
    let plain = id(&did.replace(':', "-")).is_some();
    let page = format!("https://bsky.app/profile/{did}/post/{}", id(post)?);
    plain.then_some(Embed { page, frame: None })
}

fn tweet(url: &Url) -> Option<Embed> {
    let tweet = query(url, "id")?;
    let page = format!("https://x.com/i/status/{}", id(&tweet)?);
    Some(Embed { page, frame: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page_and_frame(src: &str) -> Option<(String, Option<String>)> {
        let url = Url::parse(src).unwrap();
        read(provider(&url), &url).map(|embed| (embed.page, embed.frame))
    }

    #[test]
    fn frames_lead_to_the_page_of_what_they_show() {
        let youtube = "https://www.youtube.com/watch?v=a-B_1";
        for (src, page) in [
            ("https://www.youtube.com/embed/a-B_1?rel=0", youtube),
            ("https://www.youtube-nocookie.com/embed/a-B_1", youtube),
            ("https://youtu.be/a-B_1", youtube),
            ("https://m.youtube.com/shorts/a-B_1", youtube),
            ("https://www.youtube.com/v/a-B_1", youtube),
            (
                "https://www.youtube.com/embed/x?start=90",
                "https://www.youtube.com/watch?v=x&t=90s",
            ),
            (
                "https://www.youtube.com/embed/videoseries?list=PL1",
                "https://www.youtube.com/playlist?list=PL1",
            ),
            (
                "https://player.vimeo.com/video/12?h=x",
                "https://vimeo.com/12",
            ),
            (
                "https://open.spotify.com/embed/track/1a",
                "https://open.spotify.com/track/1a",
            ),
            (
                "https://w.soundcloud.com/player/?url=https%3A//soundcloud.com/a/b",
                "https://soundcloud.com/a/b",
            ),
            (
                "https://codepen.io/ann/embed/preview/xyz?x",
                "https://codepen.io/ann/pen/xyz",
            ),
            (
                "https://archive.org/embed/some.item",
                "https://archive.org/details/some.item",
            ),
            (
                "https://embed.bsky.app/embed/did:plc:a1/app.bsky.feed.post/3k",
                "https://bsky.app/profile/did:plc:a1/post/3k",
            ),
            (
                "https://platform.twitter.com/embed/Tweet.html?id=123",
                "https://x.com/i/status/123",
            ),
            (
                "https://social.example/@ann/123/embed",
                "https://social.example/@ann/123",
            ),
        ] {
            let (found, frame) = page_and_frame(src).unwrap();
            assert_eq!(found, page, "{src}");
            // A body that is sanitized again still knows its frames.
            assert_eq!(frame_of(&found), frame, "{src}");
            if let Some(frame) = frame {
                assert!(
                    FRAME_HOSTS
                        .iter()
                        .any(|host| frame.starts_with(&format!("https://{host}/")))
                );
            }
        }
    }

    #[test]
    fn what_is_no_id_makes_no_page() {
        for src in [
            "https://www.youtube.com/embed/a%22b",
            "https://www.youtube.com/embed/",
            "https://player.vimeo.com/video/x",
            "https://w.soundcloud.com/player/?url=https://evil.example/",
            "https://archive.org/embed",
            "https://bandcamp.com/EmbeddedPlayer/album=1",
            "https://example.org/embed",
        ] {
            assert_eq!(page_and_frame(src), None, "{src}");
        }
    }
}
