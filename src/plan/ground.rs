//! The archive → its own part of a plan: the pages of entries and lists, which are most of all; and
//! from there, with what the owner wrote beside it, to the whole plan.
//!
//! Incremental: who keeps the ground need not lay it again while entries are the same values and the
//! settings that it was laid by ([`Layout`]) are equal; what the owner says of entries in notes is in
//! their views alone, so where only that changed, only views are made anew. Where it must be laid
//! again, what is known of entries that are the same is taken over.
//!
//! Invariant: ground that is used again is what laying it again would give.

use std::mem;
use std::sync::Arc;

use super::claim::Claims;
use super::dates::Calendar;
use super::facets::Facets;
use super::former::{self, FormerList};
use super::lists::Terms;
use super::related::{Known, Relations};
use super::{
    Beside, EntryKey, Layout, License, Page, Plan, Planner, Remembered, SiteView, dates, days,
    direction, entries, feeds, home, lists, opml, own, search, statistics, terms,
};
use crate::config::{Config, Embeds, Images};
use crate::diag::Diagnostic;
use crate::model::{Archive, Entry, Originals, SafeBody};

/// What of a plan comes from the archive.
pub(crate) struct Ground {
    planner: Planner,
    terms: Terms,
    calendar: Calendar,
    /// What entries and lists have.
    claims: Arc<Claims>,
    /// What leads to entries; it takes what nobody else wants.
    redirects: Vec<Arc<Page>>,
    /// What leads to tags under names that they had; the owner's own files come first.
    former: Vec<Arc<Page>>,
    /// The lists that entries have left by a better reading.
    former_lists: Vec<FormerList>,
    /// What makes the next ground quicker to lay, in another run.
    pub(crate) remembered: Arc<Remembered>,
    /// The same in this run.
    known: Known,
}

impl Ground {
    /// Plans what comes from the archive; entries that are the same as `before` are not looked at again.
    pub(crate) fn of(
        archive: &Archive<SafeBody>,
        originals: &Originals,
        config: &Config,
        remembered: &Remembered,
        mut before: Option<&mut Ground>,
    ) -> Ground {
        let layout = Layout::of(config);
        let known = before.as_mut().map(|before| mem::take(&mut before.known));
        let mut known = known.unwrap_or_default();
        let before = before.map(|before| &before.planner);
        let (planner, (relations, remembered)) = rayon::join(
            || Planner::new(archive, originals, layout, before),
            || Relations::of(archive, remembered, &mut known),
        );
        let terms = Terms::collect(&planner);
        let calendar = Calendar::collect(&planner);
        let of_entries = || {
            let (pages, revisions) = entries::pages(&planner, &relations);
            let mut claims = Claims::of(pages);
            for page in revisions {
                claims.page(page);
            }
            claims
        };
        let of_lists = || list_pages(&planner, &terms, &calendar);
        let (mut claims, list_pages) = rayon::join(of_entries, of_lists);
        for page in list_pages {
            claims.page(page);
        }
        claims.sort();
        let redirects = entries::redirects(&planner).map(Arc::new).collect();
        let former_lists = former::collect(&planner, &terms);
        let of_lists = former_lists
            .iter()
            .flat_map(|list| list.redirects(&planner));
        let of_aliases = lists::redirects(&planner, &terms);
        let former = of_aliases.chain(of_lists).map(Arc::new).collect();
        Ground {
            planner,
            terms,
            calendar,
            claims: claims.into(),
            redirects,
            former,
            former_lists,
            remembered: remembered.into(),
            known,
        }
    }

    /// Makes it what it is for this archive and these settings, if no more than notes changed; says
    /// whether it did.
    pub(crate) fn follow(
        &mut self,
        archive: &Archive<SafeBody>,
        originals: &Originals,
        config: &Config,
    ) -> bool {
        let planner = &mut self.planner;
        let (old, new) = (&planner.archive.entries, &archive.entries);
        let fits = old.len() == new.len()
            && planner.archive.coverage == archive.coverage
            && planner.originals == *originals
            && planner.layout == Layout::of(config);
        if !fits {
            return false;
        }
        let is_other = |index: &usize| !Arc::ptr_eq(&old[*index], &new[*index]);
        let others: Vec<usize> = (0..new.len()).filter(is_other).collect();
        let is_same = |index: &usize| {
            let notes = old[*index].notes.clone();
            let entry = Entry::clone(&new[*index]);
            *old[*index] == Entry { notes, ..entry }
        };
        if !others.iter().all(is_same) {
            return false;
        }
        for index in others {
            let view = entries::view(index, &new[index], &planner.names, &planner.layout);
            planner.keys[index] = EntryKey::of(&view);
            planner.entries[index] = view.into();
            planner.archive.entries[index] = Arc::clone(&new[index]);
        }
        true
    }

    /// Plans all pages of a site. What cannot be placed is reported and left out.
    pub(crate) fn plan(&self, beside: &Beside, config: &Config) -> (Plan, Vec<Diagnostic>) {
        let (planner, site, terms) = (&self.planner, &config.site, &self.terms);
        let mut claims = Claims::upon(Arc::clone(&self.claims));
        let of_site = [
            home::page(planner, site, terms, &self.calendar),
            own::not_found(planner),
        ];
        for page in of_site.into_iter().flatten() {
            claims.page(page);
        }
        let has_search = search::claim_page(planner, config, &mut claims);
        let search = has_search.then(|| search::plan(planner, beside, &mut claims));
        for feed in feeds::plan(planner, site, terms) {
            claims.feed(feed);
        }
        claims.opml(opml::plan(planner, site, terms));
        // A redirect gives way to every page that stands where it would: that page is no dead link.
        for page in &self.redirects {
            claims.redirect(page);
        }
        for (page, body) in &beside.own {
            claims.own_page(own::page(planner, page, body), page);
        }
        claims.fixed_files(planner);
        claims.statics(beside, has_search);
        for page in &self.former {
            claims.redirect(page);
        }
        for feed in feeds::former(planner, site, terms, &self.former_lists) {
            claims.former_feed(feed);
        }
        let site = site_view(planner, config, beside, has_search);
        let (mut plan, diagnostics) = claims.finish(site, search.flatten());
        plan.entries.clone_from(&planner.entries);
        plan.keys.clone_from(&planner.keys);
        plan.remembered = Arc::clone(&self.remembered);
        (plan, diagnostics)
    }
}

/// All pages that list entries, or lists of them.
fn list_pages(planner: &Planner, terms: &Terms, calendar: &Calendar) -> Vec<Page> {
    let facets = Facets::new(planner, terms);
    let mut pages = lists::pages(&facets, terms);
    pages.extend(terms::pages(planner, terms));
    pages.extend(dates::pages(&facets, calendar));
    pages.extend(days::pages(&facets));
    pages.extend(statistics::page(planner, terms));
    pages
}

fn site_view(planner: &Planner, config: &Config, beside: &Beside, has_search: bool) -> SiteView {
    let (site, content) = (&config.site, config.content);
    SiteView {
        title: site.title.clone(),
        description: site.description.clone(),
        base_url: site.base_url.clone(),
        language: site.language.clone(),
        direction: direction::of_site(&site.language),
        author: site.author.clone(),
        nav: own::navigation(planner, &beside.own),
        more: own::more(planner),
        search: has_search.then(|| search::link(planner)).flatten(),
        feeds: feeds::links(config.syndication),
        opml: opml::link(config.syndication),
        license: site.license.as_ref().map(|license| License {
            title: license.name.clone(),
            link: license.url.clone(),
        }),
        copy_notice: site.copy_notice.clone(),
        opens_on_click: content.images == Images::Click || content.embeds == Embeds::Click,
    }
}

#[cfg(test)]
mod tests {
    use super::super::worlds::{World, text};
    use super::*;
    use crate::model::{Gone, Text};

    #[test]
    fn where_only_notes_changed_only_views_are_made_anew() {
        let mut world = World::new();
        world.entry("2025-08-27T10:00:00Z", "a.example", &["rust"]);
        world.entry("2025-08-28T10:00:00Z", "a.example", &["rust"]);
        let gone = Originals::default();
        let lay = |archive: &Archive<SafeBody>, before: Option<&mut Ground>| {
            Ground::of(
                archive,
                &gone,
                &world.config,
                &Remembered::default(),
                before,
            )
        };
        let mut archive = world.archive();
        let mut ground = lay(&archive, None);
        let keys = ground.planner.keys.clone();
        let world_of_short_lists = World::with("[lists]\npage = 3").config;
        assert!(!ground.follow(&archive, &gone, &world_of_short_lists));
        let original = Gone {
            status: 404,
            since: jiff::civil::date(2025, 9, 1),
        };
        let lost = Originals::from_iter([("https://a.example/1", original)]);
        assert!(
            !ground.follow(&archive, &lost, &world.config),
            "a page says so"
        );

        Arc::make_mut(&mut archive.entries[1]).notes.extend(text(3));
        assert!(ground.follow(&archive, &gone, &world.config));
        let is_other = |ground: &Ground| {
            let both = ground.planner.keys.iter().zip(&keys);
            both.map(|(now, before)| now != before).collect::<Vec<_>>()
        };
        assert_eq!(is_other(&ground), [false, true]);
        assert_eq!(ground.planner.keys, lay(&archive, None).planner.keys);

        Arc::make_mut(&mut archive.entries[0]).title = Text::new("x");
        assert!(
            !ground.follow(&archive, &gone, &world.config),
            "it stands in lists"
        );
        let kept = Arc::clone(&ground.planner.entries[1]);
        let titled = lay(&archive, Some(&mut ground));
        assert_eq!(is_other(&titled), [true, true]);
        assert!(Arc::ptr_eq(&kept, &titled.planner.entries[1]));
    }
}
