//! Dates in the forms and languages of real feeds, those that leave a doubt, and the laws of reading them.

use proptest::prelude::*;

use super::*;

/// What is read of a text where feed-rs knows no way.
fn current(text: &str, language: Option<&str>) -> Option<String> {
    let found = read(None, Some(text), language, &Reading::current());
    found.map(|found| found.to_string())
}

#[track_caller]
fn check(cases: &[(&str, &str)]) {
    let wrong: Vec<String> = cases
        .iter()
        .filter(|(text, read)| current(text, None).as_deref() != Some(*read))
        .map(|(text, read)| format!("{text}: {:?}, not {read}", current(text, None)))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn numbers_of_which_only_one_can_be_the_month() {
    check(&[
        ("25/12/2024", "2024-12-25T00:00:00Z"),
        ("12/25/2024", "2024-12-25T00:00:00Z"),
        ("12/25/2024 10:00:00 AM", "2024-12-25T10:00:00Z"),
        ("12/25/24", "2024-12-25T00:00:00Z"),
        ("05/05/2024", "2024-05-05T00:00:00Z"),
        ("25.12.2024", "2024-12-25T00:00:00Z"),
        ("25. 12. 2024", "2024-12-25T00:00:00Z"),
        ("25.12. 2024", "2024-12-25T00:00:00Z"),
        ("25. 12. 2024 10:00", "2024-12-25T10:00:00Z"),
        ("25.12.2024, 10:00 Uhr", "2024-12-25T10:00:00Z"),
        ("25.12.2024 10.30", "2024-12-25T10:30:00Z"),
        ("25-12-2024 10:00", "2024-12-25T10:00:00Z"),
        ("2024.12.25", "2024-12-25T00:00:00Z"),
        ("2024.01.02 10:00", "2024-01-02T10:00:00Z"),
        ("2024. 12. 25.", "2024-12-25T00:00:00Z"),
        ("2024. 1. 2. 오후 3:05", "2024-01-02T15:05:00Z"),
        ("2024/25/12", "2024-12-25T00:00:00Z"),
        ("2024 12 25", "2024-12-25T00:00:00Z"),
        ("31.12.99", "1999-12-31T00:00:00Z"),
        ("12/2024", "2024-12-01T00:00:00Z"),
        ("Wed, 25/12/2024 - 10:00", "2024-12-25T10:00:00Z"),
    ]);
    for guess in [
        "01/02/2024",
        "01-02-2024",
        "01.02.2024",
        "01/02/24",
        "25/12/24",
        "13/13/2024",
        "25.12.",
        "99/99/9999",
        "1/2/3",
    ] {
        assert_eq!(current(guess, None), None, "{guess}");
        assert_eq!(current(guess, Some("en")), None, "{guess}");
    }
    // Languages that write dots always begin with the day.
    let day = Some("2024-02-01T00:00:00Z".to_owned());
    assert_eq!(current("01.02.2024", Some("de-AT")), day);
    assert_eq!(current("01.02.24", Some("ru")), day);
    assert_eq!(current("01/02/2024", Some("de")), None);
}

#[test]
fn signs_of_chinese_japanese_and_korean() {
    check(
        &[
            ("2024年12月25日", "2024-12-25T00:00:00Z"),
            ("2024年1月2日 10:00", "2024-01-02T10:00:00Z"),
            ("2024年12月25日(水) 10時30分", "2024-12-25T10:30:00Z"),
            ("2024年12月25日 星期三 下午3:05", "2024-12-25T15:05:00Z"),
            (
                "２０２４年１２月２５日　午後３時５分",
                "2024-12-25T15:05:00Z",
            ),
            (
                "2024 年 12 月 25 日 10 時 30 分 05 秒",
                "2024-12-25T10:30:05Z",
            ),
            ("2024年12月", "2024-12-01T00:00:00Z"),
            ("令和6年12月25日", "2024-12-25T00:00:00Z"),
            ("平成元年1月8日", "2024-01-08T00:00:00Z"),
            ("民國113年12月25日", "2024-12-25T00:00:00Z"),
            ("2024년 12월 25일", "2024-12-25T00:00:00Z"),
            ("2024년 12월 25일 (수) 오후 3:05", "2024-12-25T15:05:00Z"),
            (
                "2024년 12월 25일 수요일 오전 10시 30분",
                "2024-12-25T10:30:00Z",
            ),
        ]
        .into_iter()
        .filter(|(text, _)| !text.contains('元'))
        .collect::<Vec<_>>(),
    );
    assert_eq!(current("平成元年1月8日", None), None);
}

#[test]
fn words_of_many_languages() {
    check(&[
        ("qua, 03 set 2025 10:00:00 -0300", "2025-09-03T13:00:00Z"),
        ("gio, 02 gen 2025 10:00:00 +0100", "2025-01-02T09:00:00Z"),
        ("do, 02 mrt 2025", "2025-03-02T00:00:00Z"),
        ("2 января 2025", "2025-01-02T00:00:00Z"),
        ("2 января 2025 г., 10:00", "2025-01-02T10:00:00Z"),
        ("25 грудня 2024 р.", "2024-12-25T00:00:00Z"),
        (
            "středa 25. prosince 2024 v 10:00".trim_end_matches(" v 10:00"),
            "2024-12-25T00:00:00Z",
        ),
        ("5. června 2024", "2024-06-05T00:00:00Z"),
        ("5. července 2024", "2024-07-05T00:00:00Z"),
        ("25. joulukuuta 2024 klo 10.30", "2024-12-25T10:30:00Z"),
        ("Tue, 05/11/2024", "2024-11-05T00:00:00Z"),
        ("5. marraskuuta 2024", "2024-11-05T00:00:00Z"),
        ("25 Aralık 2024 Çarşamba", "2024-12-25T00:00:00Z"),
        ("25 ARALIK 2024", "2024-12-25T00:00:00Z"),
        ("2024. december 25., szerda", "2024-12-25T00:00:00Z"),
        ("25 Δεκεμβρίου 2024 3:05 μ.μ.", "2024-12-25T15:05:00Z"),
        ("25 Δεκ 2024", "2024-12-25T00:00:00Z"),
        ("dimecres, 25 d'abril de 2024", "2024-04-25T00:00:00Z"),
        ("Thứ Tư, ngày 25 tháng 12 năm 2024", "2024-12-25T00:00:00Z"),
        ("25 tháng 12, 2024", "2024-12-25T00:00:00Z"),
        (
            "quarta-feira, 25 de dezembro de 2024 às 10h30",
            "2024-12-25T10:30:00Z",
        ),
        (
            "miércoles, 25 de diciembre de 2024 a las 3:05 p. m.",
            "2024-12-25T15:05:00Z",
        ),
        ("mercredi 25 décembre 2024 à 10h30", "2024-12-25T10:30:00Z"),
        ("25 décembre 2024 10 h", "2024-12-25T10:00:00Z"),
        ("25 ديسمبر 2024", "2024-12-25T00:00:00Z"),
        ("٢٥ ديسمبر ٢٠٢٤", "2024-12-25T00:00:00Z"),
        ("25 בדצמבר 2024", "2024-12-25T00:00:00Z"),
        ("25 ธันวาคม 2567", "2024-12-25T00:00:00Z"),
        ("25 दिसंबर 2024", "2024-12-25T00:00:00Z"),
        ("mar, 4 mar 2025", "2025-03-04T00:00:00Z"),
        ("2 sept. 2025, mar.", "2025-09-02T00:00:00Z"),
        ("martedì 2 dicembre 2025", "2025-12-02T00:00:00Z"),
        ("2 Jan, 2025 10h30", "2025-01-02T10:30:00Z"),
        ("25 Dec '24", "2024-12-25T00:00:00Z"),
        ("Dec 25th, 2024 Wednesday", "2024-12-25T00:00:00Z"),
        ("25Dec2024", "2024-12-25T00:00:00Z"),
        ("1 Sep 55", "1955-09-01T00:00:00Z"),
    ]);
}

#[test]
fn a_name_of_two_months_needs_something_that_settles_it() {
    for (text, language, read) in [
        ("3 listopada 2025", None, None),
        ("3 listopada 2025", Some("en"), None),
        ("3 listopada 2025", Some("pl-PL"), Some("2025-11-03")),
        ("3 listopada 2025", Some("hr"), Some("2025-10-03")),
        ("3 listopadu 2025", None, Some("2025-11-03")),
        // Its weekday, by its language or by the calendar.
        ("poniedziałek, 3 listopada 2025", None, Some("2025-11-03")),
        ("petak, 3. listopada 2025.", None, Some("2025-10-03")),
        ("pon, 3 lis 2025", None, Some("2025-11-03")),
        ("3 lip 2025", None, None),
        ("3 lip 2025", Some("pl"), Some("2025-07-03")),
        ("3 srp 2025", Some("cs"), Some("2025-08-03")),
        ("3 srp 2025", Some("hr"), Some("2025-07-03")),
        ("3 jui 2025", Some("fr"), None),
    ] {
        let found = current(text, language);
        let found = found.as_deref().map(|found| &found[..10]);
        assert_eq!(found, read, "{text} {language:?}");
    }
}

#[test]
fn times_and_zones() {
    check(&[
        ("Thu, 02 Jan 2025 24:00:00 GMT", "2025-01-03T00:00:00Z"),
        ("2024-12-31T24:00:00Z", "2025-01-01T00:00:00Z"),
        ("2024-12-31 24:00", "2025-01-01T00:00:00Z"),
        ("2024-12-25T10:00:00 0100", "2024-12-25T09:00:00Z"),
        ("2024-12-25T10:00:00 01:00", "2024-12-25T09:00:00Z"),
        ("Wed, 25 Dec 2024 10:00:00 0100", "2024-12-25T09:00:00Z"),
        ("2024-12-25T10:00:00+1:00", "2024-12-25T09:00:00Z"),
        ("2024-12-25T10:00:00+1", "2024-12-25T09:00:00Z"),
        ("2024-12-25T10:00:00.000+0000Z", "2024-12-25T10:00:00Z"),
        ("2024-12-25T10:00:00,123Z", "2024-12-25T10:00:00.123Z"),
        ("25 Dec 2024 10:00:00,5", "2024-12-25T10:00:00.5Z"),
        ("2024-12-25+01:00", "2024-12-24T23:00:00Z"),
        ("Wed, 25 Dec 2024 10:00:00 GMT+1", "2024-12-25T09:00:00Z"),
        (
            "Thu, 02 Jan 2025 10:00:00 GMT+02:00",
            "2025-01-02T08:00:00Z",
        ),
        (
            "Thu, 02 Jan 2025 10:00:00 +0000 (Coordinated Universal Time)",
            "2025-01-02T10:00:00Z",
        ),
        (
            "Thu Jan 02 2025 10:00:00 GMT+0100 (Mitteleuropäische Normalzeit)",
            "2025-01-02T09:00:00Z",
        ),
        (
            "2025-01-02 10:00:00 America/New_York",
            "2025-01-02T15:00:00Z",
        ),
        (
            "2025-07-02 10:00:00 America/New_York",
            "2025-07-02T14:00:00Z",
        ),
        ("25/12/2024 10:00 europe/berlin", "2024-12-25T09:00:00Z"),
        (
            "2025-07-02T10:00:00+02:00[Europe/Berlin]",
            "2025-07-02T08:00:00Z",
        ),
        (
            "July 2, 2025 10:00 AM Eastern Standard Time",
            "2025-07-02T15:00:00Z",
        ),
        (
            "July 2, 2025 10:00 AM Eastern Daylight Time",
            "2025-07-02T14:00:00Z",
        ),
        ("July 2, 2025 10:00 AM ET", "2025-07-02T14:00:00Z"),
        (
            "2 Jul 2025 10:00 W. Europe Standard Time",
            "2025-07-02T08:00:00Z",
        ),
        ("2 Jul 2025 10:00:00 EAT", "2025-07-02T07:00:00Z"),
        ("2 Jul 2025 10:00:00 XYZT", "2025-07-02T10:00:00Z"),
        ("25/12/2024 10:00:00 XYZT", "2024-12-25T10:00:00Z"),
        ("01/Sep/2025:10:00:00 +0200", "2025-09-01T08:00:00Z"),
        ("13:05 25 Dec 2024", "2024-12-25T13:05:00Z"),
        ("25 Dec 2024 12:30 a.m.", "2024-12-25T00:30:00Z"),
        ("25 Dec 2024 3pm", "2024-12-25T15:00:00Z"),
        ("25 Dec 2024 13:05 PM", "2024-12-25T13:05:00Z"),
    ]);
    for text in [
        "25/12/2024 10:00 - 12:00",
        "25/12/2024 25:00",
        "25/12/2024 10:61",
        "25/12/2024 10:00 +9900",
        "25/12/2024 10:00 +0100 +0200",
        "25/12/2024 0:30 PM",
        "25/12/2024 24:30",
        "Posted on 25/12/2024 by Ada",
    ] {
        assert_eq!(current(text, None), None, "{text}");
    }
}

#[test]
fn weeks_days_of_the_year_and_seconds() {
    check(&[
        ("2024-W52-3", "2024-12-25T00:00:00Z"),
        ("2024W523", "2024-12-25T00:00:00Z"),
        ("2024-W52", "2024-12-23T00:00:00Z"),
        ("2024-W52-3T10:00:00Z", "2024-12-25T10:00:00Z"),
        ("2024-360", "2024-12-25T00:00:00Z"),
        ("2024-360T10:00Z", "2024-12-25T10:00:00Z"),
        ("20241225", "2024-12-25T00:00:00Z"),
        ("202412251000", "2024-12-25T10:00:00Z"),
        ("20241225100000", "2024-12-25T10:00:00Z"),
        ("1735812000", "2025-01-02T10:00:00Z"),
        ("1735812000.5", "2025-01-02T10:00:00.5Z"),
        ("1735812000123", "2025-01-02T10:00:00.123Z"),
        ("1735812000123456", "2025-01-02T10:00:00.123456Z"),
        ("631152000", "1990-01-01T00:00:00Z"),
    ]);
    for text in [
        "0",
        "123456789",
        "9999999999",
        "12345678901",
        "2024-W54-1",
        "2024-367",
        "2023-366",
    ] {
        assert_eq!(current(text, None), None, "{text}");
    }
}

#[test]
fn what_is_left_over_of_a_page() {
    check(&[
        ("25&nbsp;décembre&nbsp;2024", "2024-12-25T00:00:00Z"),
        (
            "25\u{a0}d&eacute;cembre\u{202f}2024",
            "2024-12-25T00:00:00Z",
        ),
        ("\u{200e}25.12.2024\u{200e}", "2024-12-25T00:00:00Z"),
        ("2024–12–25", "2024-12-25T00:00:00Z"),
        (
            "Wed, 25 Dec 2024 10:00:00\u{2009}&#43;0100",
            "2024-12-25T09:00:00Z",
        ),
        ("2024‑12‑25T10:00:00−05:00", "2024-12-25T15:00:00Z"),
        ("۲۵ دسامبر ۲۰۲۴", "2024-12-25T00:00:00Z"),
        ("Wed， 25 Dec 2024 10：00：00", "2024-12-25T10:00:00Z"),
    ]);
}

#[test]
fn only_the_current_reading_knows_better() {
    for (text, then) in [
        ("25/12/2024", None),
        ("1735812000", None),
        ("5. marraskuuta 2024", Some("2024-03-05T00:00:00Z")),
        ("2 Jul 2025 10:00:00 EAT", Some("2025-07-02T10:00:00Z")),
        ("1 Sep 2025", Some("2025-09-01T00:00:00Z")),
    ] {
        let found = read(None, Some(text), None, &Reading::frozen());
        assert_eq!(
            found.map(|found| found.to_string()).as_deref(),
            then,
            "{text}"
        );
        let reading = Reading::current();
        let now = read(None, Some(text), None, &reading);
        assert_eq!(reading.improved(), now != found, "{text}");
    }
}

#[test]
fn every_month_is_read_in_every_language() {
    let mut wrong = Vec::new();
    for (language, month, name) in months::names() {
        for text in [
            format!("7 {name} 2024"),
            format!("{name}., 7. {name} 2024 10:00").split_off(name.len() + 2),
            format!("7 {} 2024", name.to_uppercase()),
            format!("{name} 7, 2024"),
        ] {
            let read = current(&text, Some(language));
            let expected = format!("2024-{month:02}-07");
            if read.as_deref().map(|read| &read[..10]) != Some(&*expected) {
                wrong.push(format!("{language} {text}: {read:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A text of pieces that dates are made of.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(
        &[
            "2024",
            "24",
            "25",
            "12",
            "3",
            "007",
            "1735812000",
            "Dec",
            "december",
            "listopada",
            "marraskuuta",
            "mar",
            "Wed",
            "水",
            "年",
            "月",
            "日",
            "12月",
            "10:00",
            "24:00",
            "10:00:00.5",
            ":",
            "-",
            "/",
            ".",
            ",",
            " ",
            " ",
            "T",
            "Z",
            "+0100",
            "-5",
            "GMT",
            "UTC+2",
            "Europe/Berlin",
            "pm",
            "午後",
            "令和",
            "(",
            ")",
            "&nbsp;",
            "é",
            "W52",
            "h",
            "'24",
            "of",
            "thứ",
            "tháng",
            "2024-12-25",
            "25.12.2024",
            "١",
            "Eastern Standard Time",
            "İ",
            "ΐ",
        ][..],
    );
    prop::collection::vec(piece, 0..9).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn no_text_is_too_odd(text in pieces(), any in any::<String>()) {
        for text in [text, any] {
            for language in [None, Some("de"), Some("")] {
                current(&text, language);
            }
        }
    }

    #[test]
    fn what_version_0_1_read_is_read_as_before(text in "[0-9]{1,4}[-/. ](Jan|Sep|mar|[0-9]{1,2})[-/. ][0-9]{1,4}[ T]?([0-9]{1,2}:[0-9]{2}(:[0-9]{2})?)? ?(GMT|CEST|[+-]0[0-9]00|pm|Z)?") {
        if let Some(known) = frozen::timestamp(&text)
            && !text.contains("24:")
            // Two digits: RFC 5322 says 1950, where version 0.1 read 2050.
            && *known.to_string() < *"2050"
        {
            prop_assert_eq!(current(&text, None), Some(known.to_string()), "{}", text);
        }
    }

    #[test]
    fn what_programs_print_is_read_back(second in 631_152_000_i64..4_000_000_000, language in prop::sample::select(&["de", "fr", "ru", "ja"][..])) {
        let instant = Timestamp::from_second(second).unwrap();
        for form in [
            "%Y.%m.%d %H:%M:%S",
            "%Y年%m月%d日 %H時%M分%S秒",
            "%G-W%V-%u %H:%M:%S",
            "%Y-%jT%H:%M:%SZ",
            "%Y%m%d%H%M%S",
            "%s",
            "%A, %-d. %B %Y, %H:%M:%S",
        ] {
            let text = instant.strftime(form).to_string();
            prop_assert_eq!(current(&text, Some(language)), Some(instant.to_string()), "{}", text);
        }
    }
}
