//! Templates that are metered: those that end render the same, the others are stopped.

use tera::Context;

use super::*;

const LIMITS: Limits = Limits {
    rounds: 10_000,
    value: 1_000_000,
    page: 1_000_000,
};

fn engine(templates: &[(&str, &str)], meter: bool) -> Tera {
    let mut tera = Tera::new();
    register(&mut tera);
    let sources: Vec<(String, String)> = templates
        .iter()
        .map(|(name, source)| {
            let source = match meter {
                true => metered(source).source,
                false => (*source).to_owned(),
            };
            ((*name).to_owned(), source)
        })
        .collect();
    tera.add_raw_templates(sources.iter().map(|(a, b)| (a.as_str(), b.as_str())))
        .unwrap();
    tera
}

fn rendered(templates: &[(&str, &str)], meter: bool) -> TeraResult<String> {
    let mut context = Context::new();
    context.insert("items", &["a<b", "b", "c"]);
    context.insert("none", &Value::none());
    context.insert_value("html", Value::safe_string("<b>x</b>"));
    begin(LIMITS);
    engine(templates, meter).render(templates[0].0, &context)
}

/// Templates with every form that is metered, and with what only looks like one.
const SANE: &[(&str, &[(&str, &str)])] = &[
    (
        "loops and blanks",
        &[(
            "a.html",
            "<p>\n{%- for x in items -%}\n  {{ x }} {% else %} none {%- endfor %}\n</p>\n\
             {% for k, v in {\"a\": 1} %} {{ k }}={{ v }}\n{%- endfor -%} x",
        )],
    ),
    (
        "sets",
        &[(
            "a.html",
            "{% set a = items[0] ~ \"%}\" -%} {{ a }}{% set b = html %}{{ b }}\
             {% set c = 'x' if a else \"y\" %}{{ c }}{% set d = items | join(sep=\"~\") %}{{ d }}\
             {%- set e = [1, 2, ...[3]] %}{{ e | length }}{% set f = {\"k\": [1]} %}{{ f.k[0] }}\
             {% set g = missing | default(value=\"m\") %}{{ g }}{% set h = a == b %}{{ h }}",
        )],
    ),
    (
        "sets of blocks",
        &[(
            "a.html",
            "{% set a %} <i>{{ html }}</i>{% set b | upper %}in{% endset %}{{ b }}{% endset -%}\
             \n {{ a }}{% for x in items %}{% set_global last %}{{ x }}{% endset %}{% endfor %}\
             {{ last }}",
        )],
    ),
    (
        "comprehensions",
        &[(
            "a.html",
            "{{ [x ~ \"!\" for x in items] | join(sep=\" \") }}\
             {% for y in [i * 2 for i in range(end=4) if i > 1] %}{{ y }}{% endfor %}\
             {% set z = [[j for j in range(end=i)] for i in [1, 2]] %}{{ z[1] | length }}",
        )],
    ),
    (
        "includes and components",
        &[
            (
                "a.html",
                "x {%- include \"b.html\" -%} y {{ <card title=\"t\" /> }}\
                 {% <card title=\"u\"> %} body {% </card> %}",
            ),
            ("b.html", " in {{ items | length }} "),
            (
                "c.html",
                "{% component card(title: string) -%}\n <h1>{{ title }}</h1>{% if body is defined %}{{ body }}{% endif %}\
                 {%- endcomponent card %}",
            ),
        ],
    ),
    (
        "inheritance",
        &[
            (
                "a.html",
                "{% extends \"b.html\" %}{% block x %}{{ super() }}{% for x in items %}{{ x }}\
                 {% endfor %}{% endblock %}",
            ),
            (
                "b.html",
                "<{% block x %}base{% for x in items %}.{% endfor %}{% endblock x %}>",
            ),
        ],
    ),
    (
        "what only looks like a tag",
        &[(
            "a.html",
            "{# {% for x in items %} #}{% raw %}{% for x in items %}{% endraw %}\
             {{ \"{% for x %}\" }}{{ 'it\\'s' }}{ % {{ items[0] }} }}",
        )],
    ),
];

#[test]
fn a_metered_template_renders_the_same() {
    for (what, templates) in SANE {
        let plain = rendered(templates, false).unwrap();
        assert_eq!(rendered(templates, true).unwrap(), plain, "{what}");
    }
}

#[test]
fn places_are_those_of_the_original() {
    let source = "a {% for x in y -%} {% set z = x ~ x %}{{ bad }} [{{ [i for i in y] }}]";
    let metered = metered(source);
    for words in ["a {%", "{{ bad }}", "in y] }}"] {
        let (there, here) = (metered.source.find(words), source.find(words));
        let (there, here) = (there.unwrap(), here.unwrap());
        let place = metered.original(there..there + words.len());
        assert_eq!(place, here..here + words.len(), "{words}");
    }
    let tick = metered.source.find(TICK).unwrap();
    assert_eq!(
        &source[metered.original(tick..tick + 3)],
        "{% for x in y -%}"
    );
    assert_eq!(metered.source.lines().count(), source.lines().count());
}

#[test]
fn what_would_not_end_is_stopped() {
    let doubled = "{% set a = \"xxxxxxxxxx\" %}{% for i in range(end=60) %}";
    for (what, templates) in [
        (
            "loops inside loops",
            &[(
                "a.html",
                "{% set r = range(end=1000) %}{% for a in r %}{% for b in r %}{% for c in r %}\
                 {% endfor %}{% endfor %}{% endfor %}",
            )][..],
        ),
        (
            "loops without a tag in a list",
            &[(
                "a.html",
                "{% set r = range(end=1000) %}{{ [[1 for b in r] for a in r] | length }}",
            )],
        ),
        (
            "a text that is added to itself",
            &[(
                "a.html",
                &*format!("{doubled}{{% set_global a = a ~ a %}}{{% endfor %}}"),
            )],
        ),
        (
            "a list that is",
            &[(
                "a.html",
                &*format!("{doubled}{{% set_global a = [a, a] %}}{{% endfor %}}"),
            )],
        ),
        (
            "a list that spreads itself",
            &[(
                "a.html",
                "{% set a = [1] %}{% for i in range(end=60) %}{% set_global a = [...a, ...a] %}\
                 {% endfor %}",
            )],
        ),
        (
            "a block that is",
            &[(
                "a.html",
                &*format!(
                    "{doubled}{{% set_global a %}}{{{{ a }}}}{{{{ a }}}}{{% endset %}}{{% endfor %}}"
                ),
            )],
        ),
        (
            "a filter that makes more of it",
            &[(
                "a.html",
                &*format!(
                    "{doubled}{{% set_global a = a | replace(from=\"x\", to=\"xx\") %}}{{% endfor %}}"
                ),
            )],
        ),
        (
            "a value without a bottom",
            &[(
                "a.html",
                "{% set a = 1 %}{% for i in range(end=5000) %}{% set_global a = [a] %}{% endfor %}",
            )],
        ),
        (
            "components that call themselves",
            &[(
                "a.html",
                "{% component c(n: integer) %}{{ <c n={n} /> }}{{ <c n={n} /> }}{% endcomponent c %}\
                 {{ <c n={1} /> }}",
            )],
        ),
        (
            "includes of includes",
            &[
                ("a.html", &*"{% include \"b.html\" %}".repeat(30)),
                ("b.html", &*"{% include \"c.html\" %}".repeat(30)),
                ("c.html", &*"{% include \"d.html\" %}".repeat(30)),
                ("d.html", ""),
            ],
        ),
    ] {
        let error = rendered(templates, true).unwrap_err();
        let by_engine = error.to_string().contains("recursion depth");
        assert!(is_exceeded() || by_engine, "{what}: {error}");
    }
}
