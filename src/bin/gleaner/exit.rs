//! How a run ends, as the shell sees it.

use std::process::ExitCode;

use gleaner::diag::{Diagnostic, has_errors};

/// How a run ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done, maybe with warnings.
    Success,
    /// There are errors in the site; what could be built was built.
    SiteErrors,
    /// What was typed cannot be done.
    Usage,
}

impl Exit {
    /// What these diagnostics mean for a run.
    pub(crate) fn of(diagnostics: &[Diagnostic], deny_warnings: bool) -> Self {
        if has_errors(diagnostics) || (deny_warnings && !diagnostics.is_empty()) {
            Exit::SiteErrors
        } else {
            Exit::Success
        }
    }

    fn code(self) -> u8 {
        match self {
            Exit::Success => 0,
            Exit::SiteErrors => 1,
            // The same as clap's.
            Exit::Usage => 2,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit.code())
    }
}

#[cfg(test)]
mod tests {
    use gleaner::diag::Code;

    use super::*;

    #[test]
    fn warnings_fail_only_where_they_are_denied() {
        let warning = Diagnostic::warning(Code::FeedEmpty, "x");
        let error = Diagnostic::error(Code::FeedEmpty, "x");
        for (diagnostics, deny, exit) in [
            (vec![], true, Exit::Success),
            (vec![warning.clone()], false, Exit::Success),
            (vec![warning.clone()], true, Exit::SiteErrors),
            (vec![warning, error], false, Exit::SiteErrors),
        ] {
            assert_eq!(Exit::of(&diagnostics, deny), exit, "{diagnostics:?}");
        }
    }

    #[test]
    fn codes_are_what_the_help_says() {
        let codes = [Exit::Success, Exit::SiteErrors, Exit::Usage].map(Exit::code);
        assert_eq!(codes, [0, 1, 2]);
    }
}
