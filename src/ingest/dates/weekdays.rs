//! The name of a weekday, in the languages of feeds → the days it can mean.
//!
//! A date does not depend on its weekday, which is often wrong. It is known here because it may stand
//! anywhere in a date, because it may look like a month (`mar.` is *martes*), and because it may settle
//! which month a name means.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jiff::civil::Weekday;

use super::clean::fold;

/// The shortest beginning of a name that stands for it, in characters.
const SHORTEST: usize = 3;

/// A language and a day that a name means in it.
pub(super) type Candidate = (&'static str, Weekday);

/// From Monday to Sunday; several forms with spaces between.
#[rustfmt::skip]
const NAMES: &[(&str, [&str; 7])] = &[
    ("en", ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]),
    ("de", ["montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag sonnabend", "sonntag"]),
    ("fr", ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"]),
    ("es", ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"]),
    ("pt", ["segunda", "terça", "quarta", "quinta", "sexta", "sábado", "domingo"]),
    ("it", ["lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica"]),
    ("ca", ["dilluns", "dimarts", "dimecres", "dijous", "divendres", "dissabte", "diumenge"]),
    ("ro", ["luni", "marți", "miercuri", "joi", "vineri", "sâmbătă", "duminică"]),
    ("nl", ["maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"]),
    ("sv", ["måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag"]),
    ("da", ["mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag"]),
    ("no", ["mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag"]),
    ("is", ["mánudagur", "þriðjudagur", "miðvikudagur", "fimmtudagur", "föstudagur", "laugardagur", "sunnudagur"]),
    ("fi", ["maanantaina", "tiistaina", "keskiviikkona", "torstaina", "perjantaina", "lauantaina", "sunnuntaina"]),
    ("et", ["esmaspäev", "teisipäev", "kolmapäev", "neljapäev", "reede", "laupäev", "pühapäev"]),
    ("lt", ["pirmadienis", "antradienis", "trečiadienis", "ketvirtadienis", "penktadienis", "šeštadienis", "sekmadienis"]),
    ("pl", ["poniedziałek", "wtorek", "środa", "czwartek", "piątek", "sobota", "niedziela"]),
    ("cs", ["pondělí", "úterý", "středa", "čtvrtek", "pátek", "sobota", "neděle"]),
    ("sk", ["pondelok", "utorok", "streda", "štvrtok", "piatok", "sobota", "nedeľa"]),
    ("sl", ["ponedeljek", "torek", "sreda", "četrtek", "petek", "sobota", "nedelja"]),
    ("hr", ["ponedjeljak", "utorak", "srijeda", "četvrtak", "petak", "subota", "nedjelja"]),
    ("sr", ["ponedeljak", "utorak", "sreda", "četvrtak", "petak", "subota", "nedelja"]),
    ("sr", ["понедељак", "уторак", "среда", "четвртак", "петак", "субота", "недеља"]),
    ("hu", ["hétfő", "kedd", "szerda", "csütörtök", "péntek", "szombat", "vasárnap"]),
    ("tr", ["pazartesi pzt", "salı", "çarşamba", "perşembe", "cuma", "cumartesi cmt", "pazar"]),
    ("id", ["senin", "selasa", "rabu", "kamis", "jumat", "sabtu", "minggu"]),
    ("ms", ["isnin", "selasa", "rabu", "khamis", "jumaat", "sabtu", "ahad"]),
    ("el", ["δευτέρα", "τρίτη", "τετάρτη", "πέμπτη", "παρασκευή", "σάββατο", "κυριακή"]),
    ("ru", ["понедельник пн", "вторник вт", "среда ср", "четверг чт", "пятница пт", "суббота сб", "воскресенье вс"]),
    ("uk", ["понеділок пн", "вівторок вт", "середа ср", "четвер чт", "п'ятниця пт", "субота сб", "неділя нд"]),
    ("bg", ["понеделник", "вторник", "сряда", "четвъртък", "петък", "събота", "неделя"]),
    ("ar", ["الاثنين الإثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد"]),
    ("fa", ["دوشنبه", "سه‌شنبه", "چهارشنبه", "پنجشنبه", "جمعه", "شنبه", "یکشنبه"]),
    ("he", ["שני", "שלישי", "רביעי", "חמישי", "שישי", "שבת", "ראשון"]),
    ("ja", ["月曜日 月曜 月", "火曜日 火曜 火", "水曜日 水曜 水", "木曜日 木曜 木", "金曜日 金曜 金", "土曜日 土曜 土", "日曜日 日曜 日"]),
    ("zh", ["星期一 周一 週一", "星期二 周二 週二", "星期三 周三 週三", "星期四 周四 週四", "星期五 周五 週五", "星期六 周六 週六", "星期日 星期天 周日 週日"]),
    ("ko", ["월요일 월", "화요일 화", "수요일 수", "목요일 목", "금요일 금", "토요일 토", "일요일 일"]),
];

static FORMS: LazyLock<BTreeMap<String, Vec<Candidate>>> = LazyLock::new(|| {
    let mut forms = BTreeMap::<String, Vec<Candidate>>::new();
    for (language, days) in NAMES {
        for (number, names) in (1..).zip(days) {
            let Ok(day) = Weekday::from_monday_one_offset(number) else {
                continue;
            };
            for name in names.split(' ') {
                forms.entry(fold(name)).or_default().push((language, day));
            }
        }
    }
    forms
});

/// The days that a folded word can mean: those that it names in full, else those that begin with it.
pub(super) fn candidates(word: &str) -> Vec<Candidate> {
    if let Some(exact) = FORMS.get(word) {
        return exact.clone();
    }
    if word.chars().count() < SHORTEST {
        return Vec::new();
    }
    let from = FORMS.range(word.to_owned()..);
    from.take_while(|(form, _)| form.starts_with(word))
        .flat_map(|(_, candidates)| candidates.iter().copied())
        .collect()
}
