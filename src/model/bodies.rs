//! HTML by handle: who holds a handle knows that the HTML exists and what kind it is, not the HTML.
//!
//! Entries, plans and contexts stay small this way, and equal bodies are kept once. Handles are
//! content addresses, so the same HTML has the same handle in every run. What is behind them lies
//! in a [`Shelf`], out of memory, and is read when it is asked for; without a shelf, or when that
//! takes no more, it stays in memory.
//!
//! Invariants: only sanitizing calls [`Bodies::store_safe`] (a repository test holds this), so a
//! [`SafeHtml`] is a promise that templates may rely on. What an earlier run put on the shelf is
//! believed only if it has the hash that its handle says: if not, [`Bodies::is_damaged`] holds from
//! then on, and nothing that was made with these bodies may be kept.

use std::cell::Cell;
use std::fmt::Debug;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{ByHash, Hash};

/// Locks, so that threads seldom wait for each other.
const SHARDS: usize = 64;

/// A handle to HTML as a stranger wrote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) struct RawHtml(Hash);

/// A handle to HTML that came out of sanitizing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) struct SafeHtml(Hash);

impl RawHtml {
    /// The content address.
    pub(crate) fn hash(self) -> Hash {
        self.0
    }
}

#[cfg(test)]
impl SafeHtml {
    /// A handle to nothing, for the tests of stages that never read a text.
    pub(crate) fn empty() -> Self {
        SafeHtml(Hash::of(b""))
    }
}

/// Where bodies lie out of memory: bytes are put behind those that are there, and never change.
pub(crate) trait Shelf: Debug + Send + Sync {
    /// Puts bytes away; where they are, in bytes from the start. None if no more can be put.
    fn put(&self, bytes: &[u8]) -> Option<u64>;
    /// Reads the bytes at a place into a buffer, as the whole of it; false if they cannot be read.
    fn get(&self, place: Place, buffer: &mut Vec<u8>) -> bool;
}

/// Where a body lies on its shelf.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Place {
    /// Bytes from the start of the shelf.
    pub(crate) offset: u64,
    /// Bytes.
    pub(crate) length: u32,
}

/// What is known of a body on a shelf: what one run tells the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Shelved {
    /// Its content address.
    pub(crate) hash: Hash,
    /// Whether it is sanitized.
    pub(crate) safe: bool,
    /// Whether it holds nothing but white space.
    pub(crate) blank: bool,
    /// Where it is.
    pub(crate) place: Place,
}

/// A body, and how this run knows it.
#[derive(Debug)]
struct Body {
    kept: Kept,
    blank: bool,
    /// Whether it is of this run, or was asked for in it.
    used: bool,
}

#[derive(Debug, Clone)]
enum Kept {
    /// In memory.
    Here(Arc<str>),
    /// On the shelf, put there by this run.
    Shelf(Place),
    /// On the shelf, put there by an earlier run, not looked at.
    Earlier(Place),
}

thread_local! {
    /// One buffer for each thread, to read into.
    static BUFFER: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

type Index = Vec<Mutex<ByHash<Body>>>;

/// The HTML behind the handles, shared between threads. Looked up, never walked in the order of its
/// hashes: that order says nothing.
#[derive(Debug)]
pub(crate) struct Bodies {
    raw: Index,
    safe: Index,
    shelf: Option<Box<dyn Shelf>>,
    damaged: AtomicBool,
}

impl Default for Bodies {
    fn default() -> Self {
        let index = || (0..SHARDS).map(|_| Mutex::default()).collect();
        Bodies {
            raw: index(),
            safe: index(),
            shelf: None,
            damaged: AtomicBool::new(false),
        }
    }
}

impl Bodies {
    /// Bodies on a shelf, where earlier runs left these.
    pub(crate) fn on(shelf: Box<dyn Shelf>, earlier: &[Shelved]) -> Self {
        let bodies = Bodies {
            shelf: Some(shelf),
            ..Bodies::default()
        };
        earlier.par_iter().for_each(|shelved| {
            let body = Body {
                kept: Kept::Earlier(shelved.place),
                blank: shelved.blank,
                used: false,
            };
            let index = bodies.index(shelved.safe);
            shard(index, &shelved.hash).insert(shelved.hash, body);
        });
        bodies
    }

    /// Keeps HTML from a feed or from Markdown.
    pub(crate) fn store_raw(&self, html: &str) -> RawHtml {
        RawHtml(self.store(&self.raw, html))
    }

    /// Keeps HTML that has just been sanitized.
    pub(crate) fn store_safe(&self, html: &str) -> SafeHtml {
        SafeHtml(self.store(&self.safe, html))
    }

    /// The HTML behind a raw handle; empty if this value does not have it.
    pub(crate) fn raw(&self, handle: RawHtml) -> Arc<str> {
        self.read(&self.raw, &handle.0, |html| html.into())
    }

    /// The HTML behind a safe handle; empty if this value does not have it.
    pub(crate) fn safe(&self, handle: SafeHtml) -> Arc<str> {
        self.with_safe(handle, |html| html.into())
    }

    /// What becomes of the HTML behind a safe handle, where it is not kept: it is not copied.
    pub(crate) fn with_safe<T>(&self, handle: SafeHtml, with: impl FnOnce(&str) -> T) -> T {
        self.read(&self.safe, &handle.0, with)
    }

    /// Whether raw HTML is nothing but white space.
    pub(crate) fn is_blank(&self, handle: RawHtml) -> bool {
        let shard = shard(&self.raw, &handle.0);
        shard.get(&handle.0).is_none_or(|body| body.blank)
    }

    /// Whether this value has the HTML behind a raw handle.
    pub(crate) fn has_raw(&self, handle: RawHtml) -> bool {
        shard(&self.raw, &handle.0).contains_key(&handle.0)
    }

    /// Whether this value has the HTML behind a safe handle.
    pub(crate) fn has_safe(&self, handle: SafeHtml) -> bool {
        shard(&self.safe, &handle.0).contains_key(&handle.0)
    }

    /// Says that raw HTML of an earlier run is of use still.
    pub(crate) fn reuse_raw(&self, handle: RawHtml) {
        reuse(&self.raw, &handle.0);
    }

    /// Says that safe HTML of an earlier run is of use still.
    pub(crate) fn reuse_safe(&self, handle: SafeHtml) {
        reuse(&self.safe, &handle.0);
    }

    /// Whether something that an earlier run left could not be read as it was.
    pub(crate) fn is_damaged(&self) -> bool {
        self.damaged.load(Ordering::Relaxed)
    }

    /// Believes no text on the shelf any more without looking: from now on, others may change it.
    pub(crate) fn distrust(&self) {
        for shard in self.raw.iter().chain(&self.safe) {
            let mut shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
            #[expect(clippy::iter_over_hash_type, reason = "each is changed alike")]
            for body in shard.values_mut() {
                if let Kept::Shelf(place) = body.kept {
                    body.kept = Kept::Earlier(place);
                }
            }
        }
    }

    /// How many bytes on the shelf are of use still, and whether all of them were there before.
    pub(crate) fn alive(&self) -> (u64, bool) {
        let (mut alive, mut all_earlier) = (0, true);
        self.each_used(|_, _, body| match &body.kept {
            Kept::Here(_) => {}
            Kept::Shelf(place) => {
                all_earlier = false;
                alive += u64::from(place.length);
            }
            Kept::Earlier(place) => alive += u64::from(place.length),
        });
        (alive, all_earlier)
    }

    /// What lies on the shelf and is of use still, in the order of its places.
    pub(crate) fn shelved(&self) -> Vec<Shelved> {
        let mut shelved = Vec::new();
        self.each_used(|safe, hash, body| {
            if let Kept::Shelf(place) | Kept::Earlier(place) = body.kept {
                shelved.push(Shelved {
                    hash: *hash,
                    safe,
                    blank: body.blank,
                    place,
                });
            }
        });
        shelved.sort_by_key(|one| (one.place.offset, one.safe));
        shelved
    }

    /// Tells what is of use still, in no order.
    fn each_used(&self, mut tell: impl FnMut(bool, &Hash, &Body)) {
        for (index, safe) in [(&self.raw, false), (&self.safe, true)] {
            for shard in index {
                let shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
                for (hash, body) in shard.iter().filter(|(_, body)| body.used) {
                    tell(safe, hash, body);
                }
            }
        }
    }

    fn index(&self, safe: bool) -> &Index {
        if safe { &self.safe } else { &self.raw }
    }

    fn store(&self, index: &Index, html: &str) -> Hash {
        let hash = Hash::of(html.as_bytes());
        if reuse(index, &hash) {
            return hash;
        }
        // Not under the lock: if two threads bring the same, it lies there twice, and one is used.
        let kept = self.put(html);
        let body = Body {
            kept,
            blank: html.trim_start().is_empty(),
            used: true,
        };
        shard(index, &hash).entry(hash).or_insert(body);
        hash
    }

    fn put(&self, html: &str) -> Kept {
        let length = u32::try_from(html.len()).ok();
        let place = self.shelf.as_ref().zip(length).and_then(|(shelf, length)| {
            let offset = shelf.put(html.as_bytes())?;
            Some(Place { offset, length })
        });
        place.map_or_else(|| Kept::Here(html.into()), Kept::Shelf)
    }

    fn read<T>(&self, index: &Index, hash: &Hash, with: impl FnOnce(&str) -> T) -> T {
        let kept = shard(index, hash).get(hash).map(|body| body.kept.clone());
        let (place, believed) = match kept {
            None => return with(""),
            Some(Kept::Here(html)) => return with(&html),
            Some(Kept::Shelf(place)) => (place, true),
            Some(Kept::Earlier(place)) => (place, false),
        };
        // Taken while it is used, because `with` may ask for another body.
        let mut buffer = BUFFER.take();
        let shelf = self.shelf.as_ref();
        let read = shelf.is_some_and(|shelf| shelf.get(place, &mut buffer));
        // What a feed or a page is made of passes here: by far the most of what a build reads.
        let html = (read && (believed || Hash::of(&buffer) == *hash))
            .then(|| simdutf8::basic::from_utf8(&buffer).ok());
        if let Some(html) = html.flatten() {
            let made = with(html);
            BUFFER.set(buffer);
            return made;
        }
        self.damaged.store(true, Ordering::Relaxed);
        with("")
    }
}

fn shard<'a>(index: &'a Index, hash: &Hash) -> MutexGuard<'a, ByHash<Body>> {
    let shard = &index[usize::from(hash.as_bytes()[0]) % SHARDS];
    shard.lock().unwrap_or_else(PoisonError::into_inner)
}

fn reuse(index: &Index, hash: &Hash) -> bool {
    let mut shard = shard(index, hash);
    let known = shard.get_mut(hash);
    known.map(|body| body.used = true).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A shelf in memory that takes so many bytes, shared by several runs.
    #[derive(Debug, Clone)]
    struct Board(Arc<Mutex<Vec<u8>>>, usize);

    impl Board {
        fn new(room: usize) -> Self {
            Board(Arc::default(), room)
        }
    }

    impl Shelf for Board {
        fn put(&self, bytes: &[u8]) -> Option<u64> {
            let mut board = self.0.lock().unwrap();
            let start = board.len();
            (start + bytes.len() <= self.1).then(|| {
                board.extend(bytes);
                start as u64
            })
        }

        fn get(&self, place: Place, buffer: &mut Vec<u8>) -> bool {
            let start = usize::try_from(place.offset).unwrap();
            let board = self.0.lock().unwrap();
            let bytes = board.get(start..start + place.length as usize);
            buffer.clear();
            bytes.map(|bytes| buffer.extend(bytes)).is_some()
        }
    }

    fn on(board: &Board, earlier: &[Shelved]) -> Bodies {
        Bodies::on(Box::new(board.clone()), earlier)
    }

    #[test]
    fn what_one_run_puts_away_the_next_one_reads() {
        let board = Board::new(1_000);
        let first = on(&board, &[]);
        let (raw, blank) = (first.store_raw("<p>raw"), first.store_raw(" \n"));
        let safe = first.store_safe("<p>raw</p>");
        assert_eq!(first.store_raw("<p>raw"), raw, "twice is once");
        assert_eq!(first.alive(), (18, false));
        let left = first.shelved();
        assert_eq!(left.len(), 3);

        let second = on(&board, &left);
        assert!(second.has_raw(raw) && second.has_safe(safe) && !second.has_raw(RawHtml(safe.0)));
        assert!(second.is_blank(blank) && !second.is_blank(raw));
        assert_eq!(
            (&*second.raw(raw), &*second.safe(safe)),
            ("<p>raw", "<p>raw</p>")
        );
        assert_eq!(second.shelved(), [], "what nobody asked for is forgotten");
        second.reuse_raw(raw);
        assert_eq!(second.store_safe("<p>raw</p>"), safe);
        assert_eq!(second.alive(), (16, true));
        assert!(!second.is_damaged());
    }

    #[test]
    fn what_an_earlier_run_left_is_believed_only_as_it_was() {
        let board = Board::new(1_000);
        let first = on(&board, &[]);
        let (one, two) = (first.store_safe("one"), first.store_safe("two"));
        let left = first.shelved();
        board.0.lock().unwrap()[3] ^= 1;
        let second = on(&board, &left);
        assert_eq!(&*second.safe(one), "one");
        assert!(!second.is_damaged());
        assert_eq!(&*second.safe(two), "");
        assert!(second.is_damaged());

        board.0.lock().unwrap().truncate(3);
        let third = on(&board, &left);
        assert_eq!(&*third.safe(two), "");
        assert!(third.is_damaged());
    }

    #[test]
    fn what_others_may_change_is_looked_at_again() {
        let board = Board::new(1_000);
        let bodies = on(&board, &[]);
        let one = bodies.store_safe("one");
        bodies.distrust();
        assert_eq!(&*bodies.safe(one), "one");
        board.0.lock().unwrap()[0] ^= 1;
        assert_eq!(&*bodies.safe(one), "");
        assert!(bodies.is_damaged());
    }

    #[test]
    fn what_finds_no_room_stays_in_memory() {
        let board = Board::new(4);
        let bodies = on(&board, &[]);
        let (short, long) = (bodies.store_raw("one"), bodies.store_raw("three"));
        assert_eq!((&*bodies.raw(short), &*bodies.raw(long)), ("one", "three"));
        assert_eq!(bodies.shelved().len(), 1, "the next run does not know it");
    }

    #[test]
    fn a_text_may_be_asked_for_while_another_is_read() {
        let bodies = on(&Board::new(100), &[]);
        let (one, two) = (bodies.store_safe("one"), bodies.store_safe("longer"));
        let both = bodies.with_safe(one, |one| {
            bodies.with_safe(two, |two| format!("{one} {two}"))
        });
        assert_eq!(both, "one longer");
    }
}
