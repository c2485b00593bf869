//! What a run may do that site.toml alone must not decide: ask private addresses, store secrets.
//!
//! On a machine of their own, owners write site.toml, and it counts. In a CI, it may be what a pull
//! request made of it, and what guards against such a change cannot be switched off by it. There, the
//! command line or the environment must say so, which belong to the workflow.

use crate::args::{FetchGrantArgs, GrantArgs};
use crate::http::Reach;

/// Variables that CI systems set: nearly all the first, Azure Pipelines, Jenkins and TeamCity theirs.
const CI: &[&str] = &["CI", "TF_BUILD", "JENKINS_URL", "TEAMCITY_VERSION"];
/// The variable that says what `--allow-private-addresses` does.
const PRIVATE: &str = "GLEANER_ALLOW_PRIVATE_ADDRESSES";
/// The variable that says what `--store-secret` does.
const STORE_SECRET: &str = "GLEANER_STORE_SECRET";

/// What is allowed by whoever runs Gleaner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Granted {
    in_ci: bool,
    private: bool,
    store_secret: bool,
}

impl Granted {
    /// To a fetch.
    pub(crate) fn by(args: &FetchGrantArgs) -> Self {
        Granted {
            in_ci: CI.iter().any(|name| !is_off(&variable(name))),
            private: args.private.allow_private_addresses || is_on(&variable(PRIVATE)),
            store_secret: args.store_secret || is_on(&variable(STORE_SECRET)),
        }
    }

    /// To a check of links.
    pub(crate) fn by_links(args: &GrantArgs) -> Self {
        Granted::by(&FetchGrantArgs {
            private: *args,
            store_secret: false,
        })
    }

    /// How far a request may reach, where site.toml says whether private addresses are allowed.
    pub(crate) fn reach(self, setting: bool) -> Reach {
        Reach::of(self.private || (setting && !self.in_ci))
    }

    /// Whether a secret may be stored, where site.toml says whether.
    pub(crate) fn store_secret(self, setting: bool) -> bool {
        setting && (self.store_secret || !self.in_ci)
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the environment belongs to the binary"
)]
fn variable(name: &str) -> String {
    let value = std::env::var_os(name).unwrap_or_default();
    value.to_string_lossy().trim().to_ascii_lowercase()
}

/// Whether a variable says no: what is in doubt is a CI.
fn is_off(value: &str) -> bool {
    matches!(value, "" | "0" | "false" | "no" | "off")
}

/// Whether a variable says yes: what is in doubt allows nothing.
fn is_on(value: &str) -> bool {
    matches!(value, "1" | "true" | "yes" | "on")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_a_ci_site_toml_alone_allows_nothing() {
        for (in_ci, said, setting, allowed) in [
            (false, false, false, false),
            (false, false, true, true),
            (true, false, true, false),
            (true, true, true, true),
        ] {
            let granted = Granted {
                in_ci,
                private: said,
                store_secret: said,
            };
            assert_eq!(granted.reach(setting), Reach::of(allowed));
            assert_eq!(granted.store_secret(setting), allowed);
        }
        // The command line lets any feed of the run be asked, but never lets more secrets be stored.
        let granted = Granted {
            in_ci: true,
            private: true,
            store_secret: true,
        };
        assert_eq!(granted.reach(false), Reach::Private);
        assert!(!granted.store_secret(false));
    }

    #[test]
    fn in_doubt_it_is_a_ci_and_nothing_is_allowed() {
        assert!(["", "0", "false"].into_iter().all(is_off));
        assert!(
            ["true", "1", "woodpecker", "maybe"]
                .into_iter()
                .all(|it| !is_off(it))
        );
        assert!(["1", "true"].into_iter().all(is_on));
        assert!(["", "0", "false", "maybe"].into_iter().all(|it| !is_on(it)));
    }
}
