//! The keys of feeds, and what all files share.

use super::*;

#[test]
fn the_key_of_a_feed_changes_with_its_head_and_with_each_entry() {
    let world = World::new();
    let feed = world.plan.feeds[0].clone();
    assert_eq!(feed.entries, [2, 1, 0]);
    let edits: [Edit<OutFeed>; 5] = [
        |feed| feed.path = OutPath::new("x").unwrap(),
        |feed| feed.format = Format::Rss,
        |feed| feed.title.push('x'),
        |feed| feed.home.push('x'),
        |feed| feed.url.push('x'),
    ];
    assert_changes(&feed, |feed| world.feed(feed), &edits, SUBJECT);
    let edits: [Edit<OutFeed>; 1] = [|feed| {
        feed.entries.pop();
    }];
    assert_changes(&feed, |feed| world.feed(feed), &edits, AROUND);

    let edits: [Edit<World>; 12] = [
        |world| world.view().title = Text::new("x").unwrap(),
        |world| world.entry().id = crate::model::EntryId::of("x"),
        |world| world.entry().date = None,
        |world| world.entry().updated = Some(jiff::Timestamp::UNIX_EPOCH),
        |world| world.entry().first_seen = Some(jiff::Timestamp::UNIX_EPOCH),
        |world| world.entry().tags[0].key.push('x'),
        |world| world.entry().source.link = url(),
        |world| world.entry().source.feed = url(),
        |world| world.entry().source.title = Text::new("x"),
        |world| world.entry().source.host = None,
        |world| world.entry().body = None,
        |world| {
            let body = world.entry().body.as_mut();
            Arc::make_mut(&mut body.unwrap().facts).excerpted = true;
        },
    ];
    assert_changes(&world, |world| world.feed(&feed), &edits, AROUND);
}

#[test]
fn the_globals_change_with_the_theme_and_with_what_pages_and_feeds_say_of_the_site() {
    let key = |world: &World| {
        let Globals { theme, site } = world.globals();
        Key {
            subject: theme,
            around: site,
        }
    };
    let theme: [Edit<World>; 6] = [
        |world| world.theme.base = Some("gleaner"),
        |world| world.theme.templates[0].name.push('x'),
        |world| world.theme.templates[0].source.push('x'),
        |world| world.theme.templates.clear(),
        |world| world.theme.options.clear(),
        |world| {
            world.theme.options.insert("width".to_owned(), 4.into());
        },
    ];
    assert_changes(&World::new(), key, &theme, SUBJECT);
    let site: [Edit<World>; 11] = [
        |world| world.plan.site.nav.clear(),
        |world| world.plan.site.direction = "rtl",
        |world| world.config.site.title = Text::new("x").unwrap(),
        |world| world.config.site.base_url = url().unwrap(),
        |world| world.config.site.description = Text::new("x"),
        |world| world.config.site.language.push('x'),
        |world| world.config.site.author = Text::new("x"),
        |world| {
            world.config.site.license = Some(crate::config::License {
                name: Text::default(),
                url: None,
            });
        },
        |world| world.config.site.copy_notice = Text::new("x"),
        |world| world.config.content.images = crate::config::Images::None,
        |world| world.frame_hosts = &["other.example"],
    ];
    assert_changes(&World::new(), key, &site, AROUND);
    let same: [Edit<World>; 2] = [
        |world| world.theme.templates[0].file.push('x'),
        |world| {
            world.plan.site.license = None::<License>;
            world.theme.assets.insert("x.css".to_owned(), Vec::new());
        },
    ];
    for edit in same {
        assert_eq!(World::edited(edit).globals(), World::new().globals());
    }
}
