//! Back through the history of a feed: archived feeds name the document before, paged ones the next
//! (RFC 5005, sections 3 and 4).
//!
//! Each document is stored as a snapshot of its own, under the time at which the feed was asked, for it
//! says what the feed says today; but before the feed's own, which is newer by the feed's word.
//!
//! A walk that did not reach the end is walked again from the start next time: only after a whole one
//! does a document that says nothing new mean that all before it is known.

use std::collections::BTreeSet;

use gleaner::diag::{Code, Diagnostic};
use gleaner::pipeline::{Judgement, SnapshotPlace, Verdict};
use url::Url;

use super::feed::Visit;
use super::state::hash;
use crate::http::{Document, Failure, Reach, Validators, follow};

/// Where a walk stands.
struct Walk {
    /// The documents that were asked for.
    seen: BTreeSet<Url>,
    /// Where the last one came from, and how far what it names may reach.
    from: (Url, Reach),
    /// What the last one said; none if that was the feed's own.
    last: Option<Judgement>,
    back: u16,
    /// Whether everything that came was whole.
    whole: bool,
}

/// Why a walk goes no further.
enum Stop {
    /// All that is further back is known, or there is nothing.
    End,
    /// Something is in the way, and was told.
    Obstacle,
}

/// Follows the links of a feed's first document, and stores what is new.
pub(crate) fn walk(visit: &mut Visit<'_>, first: &Document, judgement: &Judgement) {
    let stored_first = !visit.outcome.stored.is_empty();
    let mut walk = Walk {
        seen: BTreeSet::from([first.url.clone(), visit.address.clone()]),
        from: (first.url.clone(), first.reach),
        last: None,
        back: 0,
        whole: true,
    };
    let mut link = onward(judgement);
    let stop = loop {
        let Some((url, is_archive)) = link else {
            break Stop::End;
        };
        let is_known = visit.memory.archive.as_deref() == Some(&*hash(&url));
        if is_archive && visit.memory.walked && is_known {
            break Stop::End;
        }
        match step(visit, &mut walk, &url, judgement) {
            Ok(next) => link = next,
            Err(stop) => break stop,
        }
    };
    visit.memory.walked = matches!(stop, Stop::End) && walk.whole;
    let archive = judgement.archive.as_deref().map(hash);
    visit.memory.archive = archive.filter(|_| visit.memory.walked);
    if !stored_first && !visit.outcome.stored.is_empty() {
        store_anew(visit, first, judgement);
    }
}

/// Asks for one document; where it goes on.
fn step(
    visit: &mut Visit<'_>,
    walk: &mut Walk,
    url: &str,
    first: &Judgement,
) -> Result<Option<(String, bool)>, Stop> {
    let Ok(url) = Url::parse(url) else {
        return Err(Stop::End);
    };
    // The last page of some feeds is its own next.
    if !walk.seen.insert(url.clone()) {
        return Err(Stop::End);
    }
    if walk.back == SnapshotPlace::MOST_BACK {
        let message = format!("its history has more than {} documents", walk.back);
        let problem = visit.problem(Diagnostic::warning, Code::FetchHistory, &message);
        visit.say(problem);
        return Err(Stop::Obstacle);
    }
    walk.back += 1;
    let document = ask(visit, &walk.from, &url).map_err(|failure| {
        let message = format!(
            "its history ends at document {}: {}",
            walk.back, failure.message
        );
        let failure = Failure { message, ..failure };
        let problem = visit.failure(failure);
        visit.fail(problem);
        Stop::Obstacle
    })?;
    let place = SnapshotPlace {
        back: walk.back,
        ..first.place()
    };
    let judgement = visit.take(&document, place).ok_or(Stop::Obstacle)?;
    visit.outcome.documents += 1;
    walk.whole &= document.cut.is_none() && judgement.whole;
    // Some servers send the same page for every number.
    let is_repeated = judgement.repeats(walk.last.as_ref().unwrap_or(first));
    let says_nothing = judgement.verdict == Verdict::NothingNew;
    if is_repeated || judgement.is_empty() || (says_nothing && visit.memory.walked) {
        return Err(Stop::End);
    }
    let next = onward(&judgement);
    walk.from = (document.url, document.reach);
    walk.last = Some(judgement);
    Ok(next)
}

/// A link is followed as a redirect is: no less safely, and no further than where it came from.
fn ask(visit: &mut Visit<'_>, from: &(Url, Reach), url: &Url) -> Result<Document, Failure> {
    let (from, reach) = from;
    let url = follow(from, url, visit.is_secret(), "link")?;
    let validators = Validators::default();
    let question = visit.question(&validators, *reach);
    let answer = visit.client.get(&url, question)?;
    visit.went(answer.way);
    answer.document.ok_or_else(|| Failure {
        code: Code::FetchFailed,
        message: "nothing came".to_owned(),
        hint: None,
    })
}

/// The document before this one, and whether it is an archive, which never changes.
fn onward(judgement: &Judgement) -> Option<(String, bool)> {
    let archive = judgement.archive.clone().map(|url| (url, true));
    archive.or_else(|| Some((judgement.page.clone()?, false)))
}

/// An archive may say of an entry what the feed has taken back since: then the feed's own word must
/// stand behind it.
fn store_anew(visit: &mut Visit<'_>, first: &Document, judgement: &Judgement) {
    let address = first.url.as_str();
    let again = visit.stored.judge(&first.bytes, address, judgement.place());
    // What was asked since may be a secret that it holds.
    if !matches!(again.verdict, Verdict::New { .. }) || !visit.may_be_stored(&first.bytes) {
        return;
    }
    match visit.stored.store(&again, &first.bytes) {
        Ok(()) => {
            visit.outcome.stored.insert(0, again.path);
            visit.outcome.bytes += first.bytes.len();
        }
        Err(problem) => visit.fail(problem),
    }
}
