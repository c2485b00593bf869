//! Words that say nothing of what a text is about, in the languages that feeds are written in most.
//!
//! An archive learns which words are common; a young one cannot know yet, and in it such words
//! would relate everything to everything. So the list is short: function words, and what the web
//! writes around its texts. A word that is missing here costs little.

use std::sync::LazyLock;

use super::keywords::{Keyword, read};

/// By language; a language's words may be another's, too: no list is asked which one it is.
const COMMON: &[&str] = &[
    // English
    "a about above after again against all almost along already also although always am among an \
     and another any anyone anything are aren around as ask at away back be became because become \
     been before began behind being below best better between big both but by call came can cannot \
     cause come could couldn day did didn different do does doesn doing don done down during \
     each early either else end enough even ever every everyone everything example fact far few \
     find first follow for found from full further gave general get give given go goes going gone \
     good got great had hadn half happen hard has hasn have haven having he hello help her here \
     hers herself high him himself his hold how however idea if important in instead into is isn \
     it its itself just keep kind knew know known large last late later least leave left less let \
     like likely little ll long longer look lot made mainly make making man many may maybe me mean \
     men might mind moment month more most much must mustn my myself near nearly need never new \
     next no nobody none nor not nothing now of off often oh old on once one only onto open \
     or other others our ours ourselves out over own part particular people perhaps place please \
     point possible put quite rather re read real really reason right said same saw say second see \
     seem seen set several shall she should shouldn show simple simply since small so some someone \
     something soon sort start still such sure take taken talk tell than thank that the their \
     theirs them themselves then there these they thing think this those though thought three \
     through time to today together told too took toward tried true try turn two under until \
     up upon us use used useful using usually various ve very via want was wasn way we week well \
     went were weren what whatever when where whether which while who whole whom whose why will \
     with within without won word work world would wouldn write wrote yeah year yes yet you your \
     yours yourself",
    // What the web writes around texts
    "article blog click com comment continue http https link \
     newsletter org page post posted published reply share shared \
     sign site subscribe update updated url visit website www",
    // German
    "aber alle allem allen aller alles als also am an andere anderen anderer anderes ans auch auf \
     aus bei beim bereits bevor bin bis bist bleibt da dabei dadurch dafür dagegen daher damit dann \
     daran darauf daraus darin darum das dass davon dazu dem den denen denn der deren des deshalb \
     dessen dich die dies diese diesem diesen dieser dieses dir doch dort du durch eben ein eine \
     einem einen einer eines einfach einmal einige er erst erste ersten es etwa etwas euch euer eure \
     fast für ganz gar geben gegen gehen geht gemacht gewesen gibt ging gut habe haben hat hatte \
     hätte hatten her heute hier hin hinter ich ihm ihn ihnen ihr ihre ihrem ihren ihrer immer in \
     indem ins ist ja jahr jahre jahren jede jedem jeden jeder jedes jedoch jetzt kann kein keine \
     keinem keinen keiner kommen kommt können könnte lassen machen macht man mal mehr mein meine \
     meinem meinen meiner menschen mich mir mit müssen muss nach nachdem nein neue neuen nicht \
     nichts noch nun nur ob oben oder oft ohne paar schon sehr sei sein seine seinem seinen seiner \
     seit selbst sich sie sind so sogar solche soll sollen sollte sondern sonst statt teil tun über \
     um und uns unser unsere unserem unseren unter viel viele vielen vielleicht vom von vor wäre \
     wann war waren warum was wegen weil weiter weitere welche welchem welchen welcher welches wenn \
     wer werde werden wie wieder will wir wird wo wohl wollen worden wurde wurden würde würden zeit \
     zu zum zur zwar zwei zwischen",
    // French
    "afin ai ainsi alors après au aucun aussi autre autres aux avait avant avec avez avoir avons bien \
     car ce ceci cela celle celui ces cet cette ceux chaque chez comme comment dans de des deux \
     depuis donc dont du elle elles en encore entre est et étaient était été être eu faire fait \
     fois font ici il ils je jour la là le les leur leurs lui mais me même mes moi moins mon ne \
     ni non nos notre nous on ont ou où par parce pas peu peut plus plusieurs pour pourquoi pouvoir \
     puis qu quand que quel quelle quelques qui quoi sa sans se ses si son sont sous sur ta te tes \
     toi ton toujours tous tout toute toutes très trop tu un une va vers voir vos votre vous",
    // Spanish and Portuguese
    "al algo algunos antes así aún cada como con contra cosas cual cuando de del desde después \
     dice donde dos durante el ella ellos entre era eran es esa ese eso esta está están estas este \
     esto estos fue fueron ha había hace hacer hacia han hasta hay la las le les lo los más me \
     mejor menos mi mientras mismo mucho muchos muy nada ni no nos nosotros nuestra nuestro otra \
     otras otro otros para pero poco por porque puede pueden pues que qué quien se sea según ser si \
     sí sido siempre sin sobre solo sólo son su sus también tan tanto te tiene tienen todo todos \
     tres tu un una uno unos vez ya yo \
     ao aos até cada com da das depois dela dele dos ela ele eles em então essa esse estão eu foi \
     foram isso isto já lhe mais mas mesmo meu minha muito na nas não nem nos nós num numa os ou \
     para pela pelo pode por qual quando quem são seu seus só sua suas tem têm tudo uma você",
    // Italian
    "alla alle allo anche ancora avere che chi ci come con cosa così cui da dal dalla degli dei del \
     della delle dello deve di dopo dove due ed era essere fare già gli ha hanno ho il io la lei le \
     lo loro lui ma mai meno mi mio molto ne nei nel nella nelle noi non nostro ogni oggi per perché \
     più poi prima proprio può qualche quale quando quanto quella quelli quello questa queste questi \
     questo qui sarà se sempre senza si sia solo sono sopra stato su sua sue sugli sul sulla suo \
     tra tre troppo tutti tutto un una uno vi voi",
    // Dutch and Swedish
    "aan al alleen als bij bijna daar dan dat de deze die dit doen door dus een er geen had hebben \
     heeft het hier hij hoe hun ik jaar je kan komen kunnen maar maken meer met mij moet na naar \
     niet nog nu of om onder ons ook op over te tegen toch toen tot uit van veel voor waar wat we \
     wel werd wij worden zal ze zeer zich zij zijn zo zonder zou \
     alla att av bara blev blir bli där den denna det detta dig din du efter eller en ett från för \
     får gör ha han har hon hur här inte jag kan kommer kunde man med men mer mig min mot mycket \
     någon något några när och också om oss på redan sedan sig ska skulle som så till under upp ut \
     utan vad var vara varit vi vid vilka än är över",
    // Polish
    "ale bardzo bez być był była było były czy dla do go gdy ich jak jako je jego jej jest jeszcze \
     już kiedy która które którego której który którzy lub ma może można na nad nie nim niż od oraz \
     po pod przed przez przy się są ta tak także tego tej ten też to tu tych tylko tym we więc \
     wszystko za ze że",
    // Russian
    "без более был была были было быть вам вас весь во вот все всего всех вы где да даже для до его \
     ее если есть еще же за из или им их как когда которая которого которые который кто ли лучше \
     между меня мне может можно мы на над надо нас не него нее нет ни ничего но ну об один они от \
     очень по под после потому при про раз сам себя со так также такой там тем то того тоже только \
     том тут ты уже чего чем через что чтобы эта эти это этого этой этом этот",
    // Chinese and Japanese, where they are no single characters
    "可以 没有 什么 因为 所以 如果 但是 自己 已经 使用 可能 就是 不是 时候 现在 还是 或者 进行 通过 \
     需要 这样 以及 其他 之后 然后 問題 必要 場合",
];

static HASHES: LazyLock<Vec<Keyword>> = LazyLock::new(|| {
    let mut hashes = Vec::new();
    for words in COMMON {
        read(words, &mut |word| hashes.push(word));
    }
    hashes.sort_unstable();
    hashes.dedup();
    hashes
});

/// Whether a word says nothing of a text.
pub(super) fn is_common(word: Keyword) -> bool {
    HASHES.binary_search(&word).is_ok()
}
