"""Words that stand in dates: months in the languages of the press, weekdays, zones, fillers. Keys are lower case without accents.

A word that names different months in two languages is left out (``listopada``: November in Polish, October in Croatian).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_MONTH_LINES = """
1 jan january januar januari janv janvier enero ene gennaio gen janeiro januara stycznia sty ocak oca január ianuarie ian ιαν ιανουαριου янв января ledna tammikuuta січня jaan
2 feb february februar februari fevr fev fevrier febrero febbraio fevereiro lutego lut subat sub februarie φεβ φεβρουαριου фев февр февраля unora helmikuuta лютого
3 mar march marz maerz mrz mars marzo marco maart mrt marca mart marcius martie μαρ μαρτιου мар марта brezna maaliskuuta березня
4 apr april avr avril abril abr aprile kwietnia kwi nisan nis aprilis aprilie απρ απριλιου апр апреля dubna huhtikuuta квітня
5 may mai mayo maggio mag maio mei maja maj mayis majus μαι μαιου мая май kvetna toukokuuta травня
6 jun june juni juin junio giugno giu junho czerwca cze haziran haz junius iunie ιουν ιουνιου июн июня cervna kesakuuta червня
7 jul july juli juil juillet julio luglio lug julho lipca lip temmuz tem julius iulie ιουλ ιουλιου июл июля cervence heinakuuta липня
8 aug august aout agosto ago augustus sierpnia sie agustos augusztus αυγ αυγουστου авг августа srpna elokuuta серпня agu agustus
9 sep sept september septembre septiembre setiembre settembre set setembro wrzesnia wrz eylul eyl szeptember szept septembrie σεπ σεπτεμβριου сен сент сентября zari syyskuuta вересня
10 oct october octobre octubre oktober okt ottobre ott outubro out pazdziernika paz ekim eki octombrie οκτ οκτωβριου окт октября rijna lokakuuta жовтня
11 nov november novembre noviembre novembro kasim kas noiembrie νοε νοεμβριου ноя нояб ноября listopadu marraskuuta листопада
12 dec december decembre diciembre dic dicembre dezembro dez dezember des desember decembrie grudnia gru aralik ara δεκ δεκεμβριου дек декабря prosince joulukuuta грудня
"""  # noqa: E501 - one month a line reads as the table it is
_WEEKDAY_LINES = """
mon monday tue tues tuesday wed weds wednesday thu thur thurs thursday fri friday sat saturday sun sunday
mo montag di dienstag mi mittwoch do donnerstag fr freitag sa samstag sonnabend so sonntag
lun lundi mar mardi mer mercredi jeu jeudi ven vendredi sam samedi dim dimanche
lunes martes mie miercoles jue jueves vie viernes sab sabado dom domingo
lunedi martedi mercoledi gio giovedi venerdi sabato domenica
seg segunda ter terca qua quarta qui quinta sex sexta feira
ma maandag din dinsdag wo woensdag don donderdag vr vrijdag za zaterdag zo zondag
пн понедельник вт вторник ср среда чт четверг пт пятница сб суббота вс воскресенье
pon wt sr czw pt sob niedz nie pzt sal car per cum cmt pazartesi sali carsamba persembe cuma cumartesi pazar
man tir ons tor lor sondag sön fre
δευ τρι τετ πεμ παρ σαβ κυρ hetfo kedd szerda csutortok pentek szombat vasarnap
월 화 수 목 금 토 일 월요일 화요일 수요일 목요일 금요일 토요일 일요일
月 火 水 木 金 土 日 月曜日 火曜日 水曜日 木曜日 金曜日 土曜日 日曜日 月曜 火曜 水曜 木曜 金曜 土曜 日曜
星期一 星期二 星期三 星期四 星期五 星期六 星期日 星期天 周一 周二 周三 周四 周五 周六 周日 週一 週二 週三 週四 週五 週六 週日
"""
_ZONE_LINES = """
-720 idlw y
-660 sst
-600 hst
-540 akst hdt
-480 akdt pst
-420 pdt mst
-360 mdt cst
-300 cdt est
-240 edt ast at clt
-210 nst
-180 adt brt art clst uyt gft
-150 ndt
0 wet western
60 cet met mez bst west wat
120 cest mest mesz eet sast cat
180 eest msk eat trt
210 irst
240 gst msd
270 aft irdt
300 pkt uzt yekt
330 ist
345 npt
360 bdt
390 mmt
420 ict wib
480 hkt sgt awst wita pht myt
540 kst jst wit
570 acst
600 aest chst
630 acdt
660 aedt
720 nzst
780 nzdt
"""

_FILLER_WORDS = "at de del of the a om um kl klo uhr g le il el la der den th st nd rd o clock г в года às as 到 t"


def _table(lines: str) -> Mapping[str, int]:
    rows = (line.split() for line in lines.strip().splitlines())
    return MappingProxyType({word: int(row[0]) for row in rows for word in row[1:]})


MONTHS = _table(_MONTH_LINES)
WEEKDAYS = frozenset(_WEEKDAY_LINES.split())
_NAMED_OFFSETS = _table(_ZONE_LINES)  # minutes east of UTC; RFC 822's American names first, as they came first
# RFC 822 section 5.1: the military letters, west of UTC first; RSS dates are RFC 822 dates.
OFFSETS = MappingProxyType(
    dict(_NAMED_OFFSETS)
    | {letter: -60 * hours for hours, letter in enumerate("abcdefghiklm", 1)}
    | {letter: 60 * hours for hours, letter in enumerate("nopqrstuvwxy", 1)}
)
# Names that leave daylight saving to the date.
REGIONS = MappingProxyType(
    {"et": "America/New_York", "ct": "America/Chicago", "mt": "America/Denver", "pt": "America/Los_Angeles"}
)
FILLERS = frozenset(_FILLER_WORDS.split())
