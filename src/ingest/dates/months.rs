//! The name of a month, in the languages of feeds → the months it can mean.
//!
//! Some names mean different months in different languages: `listopad` is October in Croatian and
//! November in Polish. So a name gives candidates, each with its language, and [`decide`] leaves one
//! only where something else in the date or the feed settles it.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jiff::civil::{Date, Weekday};

use super::clean::fold;
use super::weekdays;

/// The shortest beginning of a name that stands for it, in characters.
const SHORTEST: usize = 3;

/// A language and a month that a name has in it.
pub(super) type Candidate = (&'static str, i8);

/// Names by language, from January to December: the genitive or longest form, whose beginnings count,
/// too, and forms that are no beginning of it.
#[rustfmt::skip]
const NAMES: &[(&str, [&str; 12])] = &[
    ("en", ["january", "february", "march mar", "april", "may", "june", "july", "august", "september", "october", "november", "december"]),
    ("de", ["januar jänner jän", "februar feber", "märz mrz", "april", "mai", "juni juno", "juli julei", "august", "september", "oktober", "november", "dezember"]),
    ("fr", ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"]),
    ("es", ["enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre setiembre", "octubre", "noviembre", "diciembre"]),
    ("pt", ["janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro", "outubro", "novembro", "dezembro"]),
    ("it", ["gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre"]),
    ("ca", ["gener", "febrer", "març", "abril", "maig", "juny", "juliol", "agost", "setembre", "octubre", "novembre", "desembre"]),
    ("gl", ["xaneiro", "febreiro", "marzo", "abril", "maio", "xuño", "xullo", "agosto", "setembro", "outubro", "novembro", "decembro"]),
    ("eu", ["urtarrilaren", "otsailaren", "martxoaren", "apirilaren", "maiatzaren", "ekainaren", "uztailaren", "abuztuaren", "irailaren", "urriaren", "azaroaren", "abenduaren"]),
    ("ro", ["ianuarie", "februarie", "martie", "aprilie", "mai", "iunie", "iulie", "august", "septembrie", "octombrie", "noiembrie", "decembrie"]),
    ("nl", ["januari", "februari", "maart mrt", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"]),
    ("af", ["januarie", "februarie", "maart", "april", "mei", "junie", "julie", "augustus", "september", "oktober", "november", "desember"]),
    ("sv", ["januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november", "december"]),
    ("da", ["januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober", "november", "december"]),
    ("no", ["januar", "februar", "mars", "april", "mai", "juni", "juli", "august", "september", "oktober", "november", "desember"]),
    ("is", ["janúar", "febrúar", "mars", "apríl", "maí", "júní", "júlí", "ágúst", "september", "október", "nóvember", "desember"]),
    ("fi", ["tammikuuta", "helmikuuta", "maaliskuuta", "huhtikuuta", "toukokuuta", "kesäkuuta", "heinäkuuta", "elokuuta", "syyskuuta", "lokakuuta", "marraskuuta", "joulukuuta"]),
    ("et", ["jaanuar", "veebruar", "märts", "aprill", "mai", "juuni", "juuli", "august", "september", "oktoober", "november", "detsember"]),
    ("lv", ["janvāris janvārī", "februāris februārī", "martā", "aprīlis aprīlī", "maijs maijā", "jūnijs jūnijā", "jūlijs jūlijā", "augusts augustā", "septembris septembrī", "oktobris oktobrī", "novembris novembrī", "decembris decembrī"]),
    ("lt", ["sausio sausis", "vasario vasaris", "kovo kovas", "balandžio balandis", "gegužės", "birželio birželis", "liepos", "rugpjūčio rugpjūtis", "rugsėjo rugsėjis", "spalio spalis", "lapkričio lapkritis", "gruodžio gruodis"]),
    ("pl", ["stycznia styczeń", "lutego luty", "marca marzec", "kwietnia kwiecień", "maja", "czerwca czerwiec", "lipca lipiec", "sierpnia sierpień", "września wrzesień", "października październik", "listopada", "grudnia grudzień"]),
    ("cs", ["ledna leden", "února únor", "března březen", "dubna duben", "května květen", "června červen čvn", "července červenec čvc", "srpna srpen", "září", "října říjen", "listopadu", "prosince prosinec"]),
    ("sk", ["januára", "februára", "marca marec", "apríla", "mája", "júna", "júla", "augusta", "septembra", "októbra", "novembra", "decembra"]),
    ("sl", ["januarja", "februarja", "marca marec", "aprila", "maja", "junija", "julija", "avgusta", "septembra", "oktobra", "novembra", "decembra"]),
    ("hr", ["siječnja siječanj", "veljače veljača", "ožujka ožujak", "travnja travanj", "svibnja svibanj", "lipnja lipanj", "srpnja srpanj", "kolovoza", "rujna rujan", "listopada", "studenoga studeni studenog", "prosinca prosinac"]),
    ("sr", ["januara", "februara", "marta", "aprila", "maja", "juna juni", "jula juli", "avgusta", "septembra septembar", "oktobra oktobar", "novembra novembar", "decembra decembar"]),
    ("sr", ["јануара", "фебруара", "марта", "априла", "маја", "јуна", "јула", "августа", "септембра септембар", "октобра октобар", "новембра новембар", "децембра децембар"]),
    ("hu", ["januári", "februári", "márciusi", "áprilisi", "májusi", "júniusi", "júliusi", "augusztusi", "szeptemberi", "októberi", "novemberi", "decemberi"]),
    ("tr", ["ocak", "şubat", "mart", "nisan", "mayıs", "haziran", "temmuz", "ağustos", "eylül", "ekim", "kasım", "aralık"]),
    ("sq", ["janar", "shkurt", "mars", "prill", "maj", "qershor", "korrik", "gusht", "shtator", "tetor", "nëntor", "dhjetor"]),
    ("id", ["januari", "februari", "maret", "april", "mei", "juni", "juli", "agustus agt", "september", "oktober", "november nopember", "desember"]),
    ("ms", ["januari", "februari", "mac", "april", "mei", "jun", "julai", "ogos", "september", "oktober", "november", "disember"]),
    ("fil", ["enero", "pebrero", "marso", "abril", "mayo", "hunyo", "hulyo", "agosto", "setyembre", "oktubre", "nobyembre", "disyembre"]),
    ("el", ["ιανουαρίου ιανουάριος", "φεβρουαρίου φεβρουάριος", "μαρτίου μάρτιος", "απριλίου απρίλιος", "μαΐου μάιος μάης", "ιουνίου ιούνιος", "ιουλίου ιούλιος", "αυγούστου αύγουστος", "σεπτεμβρίου σεπτέμβριος", "οκτωβρίου οκτώβριος", "νοεμβρίου νοέμβριος", "δεκεμβρίου δεκέμβριος"]),
    ("ru", ["января январь", "февраля февраль", "марта", "апреля апрель", "мая май", "июня июнь", "июля июль", "августа", "сентября сентябрь", "октября октябрь", "ноября ноябрь", "декабря декабрь"]),
    ("uk", ["січня січень", "лютого лютий", "березня березень", "квітня квітень", "травня травень", "червня червень", "липня липень", "серпня серпень", "вересня вересень", "жовтня жовтень", "листопада", "грудня грудень"]),
    ("be", ["студзеня студзень", "лютага люты", "сакавіка", "красавіка", "мая май траўня травень", "чэрвеня чэрвень", "ліпеня ліпень", "жніўня жнівень", "верасня верасень", "кастрычніка", "лістапада", "снежня снежань"]),
    ("bg", ["януари", "февруари", "март", "април", "май", "юни", "юли", "август", "септември", "октомври", "ноември", "декември"]),
    ("mk", ["јануари", "февруари", "март", "април", "мај", "јуни", "јули", "август", "септември", "октомври", "ноември", "декември"]),
    ("ar", ["يناير جانفي", "فبراير فيفري شباط", "مارس آذار", "أبريل إبريل أفريل نيسان", "مايو ماي أيار", "يونيو جوان حزيران", "يوليو يوليوز جويلية تموز", "أغسطس غشت أوت آب", "سبتمبر شتنبر أيلول", "أكتوبر", "نوفمبر نونبر", "ديسمبر دجنبر"]),
    ("fa", ["ژانویه", "فوریه", "مارس", "آوریل", "مه", "ژوئن", "ژوئیه", "اوت", "سپتامبر", "اکتبر", "نوامبر", "دسامبر"]),
    ("he", ["ינואר בינואר", "פברואר בפברואר", "מרץ מרס במרץ במרס", "אפריל באפריל", "מאי במאי", "יוני ביוני", "יולי ביולי", "אוגוסט באוגוסט", "ספטמבר בספטמבר", "אוקטובר באוקטובר", "נובמבר בנובמבר", "דצמבר בדצמבר"]),
    ("th", ["มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน", "กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม", "พฤศจิกายน", "ธันวาคม"]),
    ("hi", ["जनवरी", "फ़रवरी फरवरी", "मार्च", "अप्रैल", "मई", "जून", "जुलाई", "अगस्त", "सितंबर सितम्बर", "अक्टूबर", "नवंबर नवम्बर", "दिसंबर दिसम्बर"]),
];

static FORMS: LazyLock<BTreeMap<String, Vec<Candidate>>> = LazyLock::new(|| {
    let mut forms = BTreeMap::<String, Vec<Candidate>>::new();
    for (language, months) in NAMES {
        for (month, names) in (1..).zip(months) {
            for name in names.split(' ') {
                forms.entry(fold(name)).or_default().push((language, month));
            }
        }
    }
    forms
});

/// The months that a folded word can mean: those that it names in full, else those that begin with it.
pub(super) fn candidates(word: &str) -> Vec<Candidate> {
    // Catalan: `d'abril`.
    let word = word.strip_prefix("d'").unwrap_or(word);
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

/// Whether this is the word of a language in which no other year counts than the Buddhist one.
pub(super) fn is_thai(candidates: &[Candidate]) -> bool {
    candidates.iter().all(|(language, _)| *language == "th")
}

/// What may settle which month is meant.
pub(super) struct Evidence<'a> {
    /// The language of the entry or its feed (BCP 47).
    pub(super) language: Option<&'a str>,
    /// The weekday that stands beside it.
    pub(super) weekday: &'a [weekdays::Candidate],
}

/// The one month that is meant; `date` makes a date of it. None where two are left.
pub(super) fn decide(
    candidates: &[Candidate],
    evidence: &Evidence<'_>,
    date: impl Fn(i8) -> Option<Date>,
) -> Option<i8> {
    let spoken = |languages: &dyn Fn(&str) -> bool| {
        let mut months: Vec<i8> = candidates
            .iter()
            .filter(|(language, _)| languages(language))
            .map(|(_, month)| *month)
            .collect();
        months.sort_unstable();
        months.dedup();
        months
    };
    let one = |months: &[i8]| match months {
        [month] => Some(*month),
        _ => None,
    };
    let all = spoken(&|_| true);
    let fits = |month: &i8| {
        let weekday: Option<Weekday> = date(*month).map(Date::weekday);
        let named = evidence.weekday.iter();
        named.map(|(_, day)| Some(*day)).any(|day| day == weekday)
    };
    let by_weekday = || {
        let fitting: Vec<i8> = all.iter().copied().filter(fits).collect();
        one(&fitting)
    };
    let told = evidence.language.map(primary);
    one(&all)
        .or_else(|| one(&spoken(&|language| Some(language) == told.as_deref())))
        .or_else(|| {
            let weekday = evidence.weekday;
            one(&spoken(&|language| {
                weekday.iter().any(|(other, _)| *other == language)
            }))
        })
        .or_else(by_weekday)
}

/// The first part of a language tag, by the name that the tables have.
pub(super) fn primary(tag: &str) -> String {
    let primary = tag.split(['-', '_']).next().unwrap_or_default().trim();
    match primary.to_ascii_lowercase().as_str() {
        "nb" | "nn" => "no".to_owned(),
        "bs" | "sh" => "hr".to_owned(),
        "tl" => "fil".to_owned(),
        "iw" => "he".to_owned(),
        "in" => "id".to_owned(),
        other => other.to_owned(),
    }
}

/// The names of months by language, for the tests.
#[cfg(test)]
pub(super) fn names() -> impl Iterator<Item = (&'static str, i8, &'static str)> {
    NAMES.iter().flat_map(|(language, months)| {
        (1..).zip(months).flat_map(move |(month, names)| {
            names.split(' ').map(move |name| (*language, month, name))
        })
    })
}
