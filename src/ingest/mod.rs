//! stub
use crate::diag::Diagnostic;
use crate::model::*;
#[derive(Default)]
pub(crate) struct Memo;
pub(crate) struct Ingested {
    pub(crate) snapshot: Option<Snapshot>,
    pub(crate) bodies: Bodies,
    pub(crate) diagnostics: Vec<Diagnostic>,
}
pub(crate) fn ingest(_: &SourceFile, _: &FeedName, _: &Memo) -> Ingested {
    Ingested {
        snapshot: None,
        bodies: Bodies::default(),
        diagnostics: vec![],
    }
}
pub(crate) mod markdown {
    use super::*;
    pub(crate) fn note(_: &SourceFile) -> (Option<(Note, Bodies)>, Vec<Diagnostic>) {
        (None, vec![])
    }
    pub(crate) fn page(_: &SourceFile) -> (Option<(OwnPage, Bodies)>, Vec<Diagnostic>) {
        (None, vec![])
    }
}
