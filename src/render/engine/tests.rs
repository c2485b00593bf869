//! What is said of a template that does not end, and where.

use super::*;

/// A theme of one layer with this template, and limits that a test can reach.
fn failed(source: &str) -> Diagnostic {
    let theme = Theme {
        templates: vec![Template {
            name: "list.html".to_owned(),
            source: source.to_owned(),
            file: "themes/x/templates/list.html".to_owned(),
        }],
        ..Theme::default()
    };
    let (engine, found) = Engine::compile(&theme, &Context::new());
    assert_eq!(found, []);
    let mut engine = engine.unwrap();
    engine.limits = Limits {
        rounds: 5_000,
        value: 2_000_000,
        page: 3_000_000,
    };
    let failure = engine
        .render("list.html", &Context::new(), &mut Vec::new())
        .unwrap_err();
    let failures = Failures::default();
    for page in ["b.html", "a.html"] {
        let page = OutPath::new(page).unwrap();
        failures.add(&page, "list.html", &failure);
    }
    // What did not come to an end once is not tried again.
    assert_eq!(failures.check("list.html").is_err(), failure.is_endless);
    assert!(failures.check("entry.html").is_ok());
    let mut told = failures.into_diagnostics(&engine, &theme);
    assert_eq!(told.len(), 1);
    told.remove(0)
}

#[test]
fn a_template_that_does_not_end_is_named_with_the_place_of_its_loop() {
    let told = failed(
        "<p>\n{% for a in range(end=100) %}{% for b in range(end=100) %}{% endfor %}\n{% endfor %}",
    );
    assert_eq!(
        told.message,
        "this page takes more than 5,000 rounds of loops, while rendering `a.html` and 1 more"
    );
    let hint = told.hint.unwrap();
    assert!(hint.starts_with("loop over fewer things"), "{hint}");
    let place = told.place.unwrap();
    assert_eq!(place.file, "themes/x/templates/list.html");
    assert_eq!(place.position.unwrap().line, 2);
    let excerpt = place.excerpt.unwrap();
    assert_eq!(
        &excerpt.text[excerpt.marked],
        "{% for b in range(end=100) %}"
    );
}

#[test]
fn a_page_that_grows_without_end_is_stopped_though_its_loop_is_short() {
    let text = "x".repeat(2_000);
    let told = failed(&format!(
        "{{% for a in range(end=4000) %}}{text}{{% endfor %}}"
    ));
    assert_eq!(
        told.message,
        "the page grows beyond 3 MB, while rendering `a.html` and 1 more"
    );
    assert_eq!(told.hint.unwrap(), "look at the loops of the template");
    assert_eq!(told.place.unwrap().file, "themes/x/templates/list.html");
}

#[test]
fn other_errors_have_the_places_that_they_have_without_counting() {
    let told =
        failed("{% for a in range(end=2) %}{% set b = a ~ \"x\" %} {{ missing }}{% endfor %}");
    let excerpt = told.place.unwrap().excerpt.unwrap();
    assert_eq!(&excerpt.text[excerpt.marked], "missing");
}
