//! What is related to what, told with small archives.

use super::traits::{Traits, Words};
use super::{Few, MOST, Relations, Remembered};
use crate::model::{Keyword, Keywords};

/// An archive that is told entry by entry, the oldest first.
#[derive(Default)]
struct World {
    names: Vec<&'static str>,
    entries: Vec<Traits>,
}

impl World {
    fn add(
        mut self,
        name: &'static str,
        source: &str,
        tags: &[&str],
        title: &str,
        text: &str,
    ) -> Self {
        let mut words = Words::default();
        words.text(&Keywords::of(text));
        words.title(&Keywords::of(title));
        for tag in tags {
            words.text(&Keywords::of(tag));
        }
        let tags = tags.iter().map(|tag| Keyword::of_name(tag));
        self.names.push(name);
        self.entries
            .push(Traits::new(words, tags, Some(Keyword::of_name(source))));
        self
    }

    /// Entries about as many different things as there are numbers.
    fn add_others(self, count: usize) -> Self {
        (0..count).fold(self, |world, n| {
            let word = |k: usize| format!("q{}w{k} ", n * 7 + k);
            let text: String = (0..7).map(|k| word(k).repeat(k + 1)).collect();
            world.add("other", &format!("other-{n}.example"), &[], "", &text)
        })
    }

    fn relations(&self) -> Relations {
        Relations::of_traits(&self.entries, &Remembered::default()).0
    }

    fn named(&self, lists: &[Few], name: &str) -> Vec<&'static str> {
        let index = self.names.iter().position(|known| *known == name).unwrap();
        let found = lists[index].iter();
        found.map(|one| self.names[*one as usize]).collect()
    }

    fn related(&self, name: &str) -> Vec<&'static str> {
        self.named(&self.relations().related, name)
    }

    fn later(&self, name: &str) -> Vec<&'static str> {
        self.named(&self.relations().later, name)
    }
}

const BORROW: &str = "The borrow checker of the compiler follows each lifetime; a borrow that \
    outlives its owner is refused, and the compiler says which lifetime is too short.";
const ASYNC: &str = "An executor polls futures; the compiler turns a function into a state \
    machine, and a lifetime that crosses an await point troubles the borrow checker.";
const BREAD: &str = "Knead the dough, let the sourdough rest over night, and bake the bread in a \
    hot oven with steam, until the crust sings.";
const CAKE: &str = "Unlike bread, this dough wants butter, and no sourdough; bake the cake in a \
    mild oven, and let the crust cool.";

fn kitchen_and_workshop() -> World {
    World::default()
        .add(
            "borrow",
            "a.example",
            &["rust"],
            "How borrowing works",
            BORROW,
        )
        .add("bread", "b.example", &["baking"], "Bread at home", BREAD)
        .add_others(6)
        .add("async", "c.example", &["rust"], "What await becomes", ASYNC)
        .add("cake", "d.example", &["baking"], "A plain cake", CAKE)
}

#[test]
fn rust_finds_rust_and_bread_finds_cake() {
    let world = kitchen_and_workshop();
    assert_eq!(world.related("async"), ["borrow"]);
    assert_eq!(world.related("cake"), ["bread"]);
    // The older one cannot have known; it learns of the newer one afterwards.
    assert_eq!(world.related("borrow"), [""; 0]);
    assert_eq!(world.later("borrow"), ["async"]);
    assert_eq!(world.later("cake"), [""; 0]);
}

#[test]
fn words_suffice_where_nobody_set_tags() {
    let world = World::default()
        .add("bread", "a.example", &[], "Bread at home", BREAD)
        .add_others(20)
        .add("cake", "b.example", &[], "A plain cake", CAKE)
        .add("async", "c.example", &[], "What await becomes", ASYNC);
    assert_eq!(world.related("cake"), ["bread"]);
    assert_eq!(world.related("async"), [""; 0]);
}

#[test]
fn a_rare_tag_suffices_and_a_common_one_does_not() {
    let world = World::default()
        .add("old", "a.example", &["lichen", "web"], "Harbour", "")
        .add_others(60);
    let world = (0..30).fold(world, |world, n| {
        let title = format!("z{n}");
        world.add("web", &format!("w{n}.example"), &["web"], &title, "")
    });
    let world = world
        .add("rare", "b.example", &["lichen"], "Window", "")
        .add("common", "c.example", &["web"], "Garden", "");
    assert_eq!(world.related("rare"), ["old"]);
    assert_eq!(world.related("common"), [""; 0]);
}

#[test]
fn a_source_alone_relates_nothing_but_prefers() {
    let world = World::default()
        .add("bread", "a.example", &[], "Bread at home", BREAD)
        .add_others(10)
        .add("async", "a.example", &[], "What await becomes", ASYNC);
    assert_eq!(world.related("async"), [""; 0]);

    let world = World::default()
        .add("same source", "a.example", &["lichen"], "Harbour", "")
        .add("other source", "b.example", &["lichen"], "Window", "")
        .add_others(10)
        .add("new", "a.example", &["lichen"], "Garden", "");
    assert_eq!(world.related("new"), ["same source", "other source"]);
}

#[test]
fn common_words_relate_nothing() {
    // Words of grammar, even where the archive is too young to know that they are common.
    let said = "There is nothing that they would have said about it, and so we were there before.";
    let world = World::default()
        .add("one", "a.example", &[], "About it", said)
        .add("two", "b.example", &[], "About them", said);
    assert_eq!(world.related("two"), [""; 0]);

    // And a word that this archive uses everywhere.
    let world = (0..40).fold(World::default(), |world, n| {
        let text = format!("chronicle w{n}q w{n}q");
        world.add("some", &format!("{n}.example"), &[], "Chronicle", &text)
    });
    let world = world.add("last", "z.example", &[], "Chronicle", "chronicle");
    assert_eq!(world.related("last"), [""; 0]);
}

#[test]
fn german_and_chinese_entries_find_their_like() {
    let world = World::default()
        .add("Zug", "a.example", &[], "Nachtzüge", "Der Nachtzug fährt wieder; die Bahn kauft neue Schlafwagen für den Nachtzug, und die Fahrkarten sind schon verkauft.")
        .add("Brot", "b.example", &[], "Brot", "Der Teig ruht über Nacht, dann wird das Brot gebacken, und der Teig geht noch einmal auf.")
        .add("数据库", "c.example", &[], "数据库索引", "数据库的索引让查询更快，但是索引也需要空间。")
        .add("咖啡", "d.example", &[], "手冲咖啡", "咖啡豆需要新鲜烘焙，水温影响咖啡的味道。")
        .add_others(20)
        .add("Schlafwagen", "e.example", &[], "Schlafwagen", "Die neuen Schlafwagen sind da: wie der Nachtzug von innen aussieht, und was die Bahn für die Fahrkarten verlangt.")
        .add("索引", "f.example", &[], "查询与索引", "没有索引的查询很慢，数据库要读全部数据。");
    assert_eq!(world.related("Schlafwagen"), ["Zug"]);
    assert_eq!(world.related("索引"), ["数据库"]);
}

#[test]
fn five_of_one_source_give_way_to_others_that_are_nearly_as_good() {
    let world = World::default();
    let world = (0..3).fold(world, |world, n| {
        let source = ["x.example", "y.example", "z.example"][n];
        world.add("elsewhere", source, &["lichen"], "", "lichen moss")
    });
    let world = (0..5).fold(world, |world, _| {
        world.add(
            "one source",
            "a.example",
            &["lichen"],
            "",
            "lichen moss stone",
        )
    });
    let world = world
        .add_others(50)
        .add("new", "b.example", &["lichen"], "", "lichen moss stone");
    let related = world.related("new");
    assert_eq!(related.len(), MOST);
    assert_eq!(related[0], "one source");
    assert!(related.contains(&"elsewhere"), "{related:?}");
}

#[test]
fn an_old_entry_names_the_first_that_chose_it() {
    // The newest prefer each other in the end; the old one keeps who came first.
    let names = ["1", "2", "3", "4", "5", "6", "7"];
    let world = World::default()
        .add(
            "old",
            "a.example",
            &["lichen"],
            "Lichen",
            "lichen moss stone",
        )
        .add_others(30);
    let world = names.into_iter().fold(world, |world, name| {
        world.add(name, name, &["lichen"], "Lichen on stone", "moss")
    });
    assert_eq!(world.later("old"), names[..MOST]);
}
