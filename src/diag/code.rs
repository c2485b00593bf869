//! The codes of diagnostics: stable names to search for, each explained by `gleaner explain`.

use serde::{Deserialize, Serialize};

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $variant:ident = $text:literal,)+) => {
        /// What kind of diagnostic it is: a stable, kebab-case name to search for.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum Code { $($(#[doc = $doc])+ $variant,)+ }

        impl Code {
            /// Every code, in the order of their declaration.
            pub const ALL: &'static [Code] = &[$(Code::$variant,)+];

            /// The kebab-case name, as it is printed.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Code::$variant => $text,)+ }
            }
        }
    };
}

codes! {
    // Config
    /// site.toml does not exist, or its folder does not.
    ConfigMissing = "config-missing",
    /// site.toml, theme.toml or a front matter is no TOML.
    ConfigSyntax = "config-syntax",
    /// A key that Gleaner does not know.
    ConfigUnknownKey = "config-unknown-key",
    /// A key that must be there is not.
    ConfigMissingKey = "config-missing-key",
    /// A value of the wrong type, or out of its range.
    ConfigInvalidValue = "config-invalid-value",
    /// Two settings that cannot both hold.
    ConfigConflict = "config-conflict",
    /// A setting that still says what an example says.
    ConfigPlaceholder = "config-placeholder",
    /// A `[feeds.NAME]` without a folder of snapshots.
    ConfigUnusedFeed = "config-unused-feed",
    // Load
    /// The site has no folder of snapshots, or none in it: the archive is empty.
    ContentMissing = "content-missing",
    /// A file or folder that could not be read.
    ReadFailed = "read-failed",
    /// A link among the files of the site that leads out of its folder.
    LinkOutside = "link-outside",
    /// A file larger than Gleaner reads.
    FileTooLarge = "file-too-large",
    /// A `.gz` that does not unpack to its end.
    GzipBroken = "gzip-broken",
    /// Text that is not UTF-8 where only UTF-8 may stand.
    NotUtf8 = "not-utf8",
    /// A file of the site whose name or place says nothing to Gleaner.
    FileIgnored = "file-ignored",
    // Ingest
    /// A file among the snapshots that is no feed.
    NotAFeed = "not-a-feed",
    /// A feed that is not well-formed, and was read all the same.
    FeedMalformed = "feed-malformed",
    /// A feed that was cut off: its complete entries were kept.
    FeedTruncated = "feed-truncated",
    /// A feed or an entry that was mended before it could be read.
    FeedRepaired = "feed-repaired",
    /// Entries that their blog never published: drafts, private posts, settings, comments in backups.
    EntryWithheld = "entry-withheld",
    /// A feed without any entry.
    FeedEmpty = "feed-empty",
    /// A snapshot with more entries than Gleaner reads from one file.
    FeedTooManyEntries = "feed-too-many-entries",
    /// An entry that could not be read, even after repair.
    EntryUnreadable = "entry-unreadable",
    /// An entry longer than Gleaner reads.
    EntryTooLarge = "entry-too-large",
    /// A date that cannot be true: its entry does without.
    DateDropped = "date-dropped",
    /// Two snapshots in a row of one feed that have no entry in common.
    FeedGap = "feed-gap",
    // Fetch
    /// A feed that could not be fetched.
    FetchFailed = "fetch-failed",
    /// A feed that its server says is gone for good.
    FetchGone = "fetch-gone",
    /// A feed that has moved for good: its setting should follow.
    FetchMoved = "fetch-moved",
    /// What came is no feed, and was not stored.
    FetchNotAFeed = "fetch-not-a-feed",
    /// A response that broke off before its end.
    FetchIncomplete = "fetch-incomplete",
    /// A response larger than Gleaner stores.
    FetchTooLarge = "fetch-too-large",
    /// An address that is not asked, for safety.
    FetchRefused = "fetch-refused",
    /// A response that holds the feed's secret address, and was not stored.
    FetchSecret = "fetch-secret",
    /// A feed that is named on the command line, and that site.toml does not know.
    FetchUnknownFeed = "fetch-unknown-feed",
    /// A feed without an address, or with one that cannot be used.
    FetchNoAddress = "fetch-no-address",
    /// A walk back through a feed's history that did not reach its end.
    FetchHistory = "fetch-history",
    // Init
    /// A new site would stand where something is already.
    InitTaken = "init-taken",
    /// A new site was made, but not all that should go with it.
    InitIncomplete = "init-incomplete",
    // Notes and pages
    /// A note or page whose front matter is not closed, or missing.
    FrontMatterMissing = "front-matter-missing",
    /// A page whose front matter is in the format of another generator.
    FrontMatterForeign = "front-matter-foreign",
    /// A note that names no entry of the archive.
    NoteUnmatched = "note-unmatched",
    /// Two notes that disagree about one entry.
    NoteConflict = "note-conflict",
    /// A line of the list of gone originals that says nothing.
    OriginalsLine = "originals-line",
    // Sanitize
    /// Stored HTML that was cut or flattened, because it is too large or too deep.
    BodyTooComplex = "body-too-complex",
    // Plan
    /// Two things that want the same place in the output.
    PathCollision = "path-collision",
    /// A name that cannot be a file of the output.
    PathInvalid = "path-invalid",
    /// A name that a file cannot have on Windows.
    NameNotPortable = "name-not-portable",
    /// A link within the site that leads nowhere.
    LinkBroken = "link-broken",
    // Theme and render
    /// The theme that site.toml names does not exist.
    ThemeMissing = "theme-missing",
    /// An option that the theme does not declare, or a value of the wrong type.
    ThemeOption = "theme-option",
    /// A template that does not compile.
    TemplateSyntax = "template-syntax",
    /// A template that failed while a page was rendered.
    TemplateFailed = "template-failed",
    /// A feed, the sitemap or another file that could not be made.
    OutputFailed = "output-failed",
    // Write
    /// The output folder holds something that Gleaner did not write.
    OutputForeign = "output-foreign",
    /// Pages that earlier builds published, and that this one has no more.
    AddressesGone = "addresses-gone",
    /// A file of the output that could not be written.
    WriteFailed = "write-failed",
    /// A site so large that a host may refuse it.
    SiteLarge = "site-large",
    /// A file of the output so large that a host may refuse it.
    SiteFileLarge = "site-file-large",
    // Cache
    /// The cache could not be read or written: the site is built without it.
    CacheFailed = "cache-failed",
    /// Another run of Gleaner is at work on the same site.
    SiteLocked = "site-locked",
}
