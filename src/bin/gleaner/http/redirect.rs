//! Where a redirect leads, and whether it may be followed: each target is judged as if its owner had
//! written it, and never more trusted than where it came from.

use gleaner::diag::Code;
use url::Url;

use super::bare;
use super::failure::{Failure, shown, status};

/// Whether an answer leads elsewhere (RFC 9110, section 15.4).
pub(super) fn is_redirect(status: u16) -> bool {
    matches!(status, 301 | 302 | 303 | 307 | 308)
}

/// Where a document has moved for good: as far as all redirects before say so.
#[derive(Default)]
pub(super) struct Moved {
    pub(super) to: Option<Url>,
    ended: bool,
}

impl Moved {
    pub(super) fn hop(&mut self, status: u16, target: &Url) {
        self.ended |= !matches!(status, 301 | 308);
        if !self.ended {
            self.to = Some(target.clone());
        }
    }
}

/// Where a redirect leads.
pub(super) fn target(
    from: &Url,
    code: u16,
    location: Option<&[u8]>,
    secret: bool,
) -> Result<Url, Failure> {
    let host = from.host_str().unwrap_or_default();
    let location = location.and_then(|value| std::str::from_utf8(value).ok());
    let target = location.and_then(|location| from.join(location).ok());
    let Some(target) = target else {
        let message = format!("{host} answered {} without saying where to", status(code));
        return Err(Failure::new(message));
    };
    follow(from, &target, secret, "redirect")
}

/// The address to which a redirect or a link leads, if it may be followed.
pub(crate) fn follow(from: &Url, to: &Url, secret: bool, what: &str) -> Result<Url, Failure> {
    let refused = |message: String| Failure::new(message).code(Code::FetchRefused);
    match (from.scheme(), to.scheme()) {
        ("https", "http") => {
            let target = match secret {
                true => "http".to_owned(),
                false => shown(to, false),
            };
            let message = format!("refused: a {what} from https to {target}");
            Err(refused(message).hint(
                "on the way, anyone could change what it says; if it must be, write that address as `url`",
            ))
        }
        (_, "http" | "https") if to.has_host() => Ok(bare(to)),
        (_, scheme) => {
            // A server may write anything there, the secret, too.
            let scheme = match secret {
                true => " that is not of the web".to_owned(),
                false => format!(" of the scheme {scheme}"),
            };
            Err(refused(format!("refused: a {what} to an address{scheme}")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn a_move_counts_as_far_as_every_step_is_for_good() {
        let (a, b, c) = (url("http://a/"), url("http://b/"), url("http://c/"));
        for (steps, expected) in [
            (&[(301, &a)][..], Some(&a)),
            (&[(308, &a), (301, &b)], Some(&b)),
            (&[(301, &a), (302, &b), (301, &c)], Some(&a)),
            (&[(307, &a), (301, &b)], None),
        ] {
            let mut moved = Moved::default();
            steps
                .iter()
                .for_each(|(status, target)| moved.hop(*status, target));
            assert_eq!(moved.to.as_ref(), expected);
        }
    }

    #[test]
    fn a_redirect_leads_no_less_safely() {
        let lead = |from: &str, to: &str, secret: bool| {
            target(&url(from), 302, Some(to.as_bytes()), secret).map_err(|failure| failure.message)
        };
        let (secure, plain) = ("https://a.example/x", "http://a.example/x");
        assert_eq!(lead(secure, "/y#z", false), Ok(url("https://a.example/y")));
        assert_eq!(lead(plain, secure, false), Ok(url(secure)));
        let refused = format!("refused: a redirect from https to {plain}");
        assert_eq!(lead(secure, plain, false), Err(refused));
        let link = follow(&url(secure), &url(plain), false, "link").map_err(|it| it.message);
        assert_eq!(link, Err(format!("refused: a link from https to {plain}")));
        let refused = "refused: a redirect from https to http".to_owned();
        assert_eq!(lead(secure, plain, true), Err(refused));
        for to in [
            "ftp://a.example/",
            "file:///etc/passwd",
            "data:text/xml,x",
            "mailto:a@b.example",
        ] {
            assert!(lead(secure, to, false).is_err(), "{to}");
        }
    }
}
