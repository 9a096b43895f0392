"""The words of the grammar: phrase -> what it can mean. Other modules never spell words out."""

from __future__ import annotations

from typing import NamedTuple

from ingest.availability.zones import zone_phrases

WEEKDAYS = (0, 1, 2, 3, 4)
WEEKEND = (5, 6)
EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)


class Entry(NamedTuple):
    """One meaning of a phrase that starts at a token: `length` tokens further it ends."""

    kind: str
    value: object
    length: int


_DAYS = {
    0: "mon mons monday mondays monday's",
    1: "tue tues tuesday tuesdays tuesday's",
    2: "wed weds wednesday wednesdays wednesday's",
    3: "thu thur thurs thursday thursdays thursday's",
    4: "fri fris friday fridays friday's",
    5: "sat sats saturday saturdays saturday's",
    6: "sun suns sunday sundays sunday's",
}
_MONTHS = {
    1: "jan january",
    2: "feb february",
    3: "mar march",
    4: "apr april",
    5: "may",
    6: "jun june",
    7: "jul july",
    8: "aug august",
    9: "sep sept september",
    10: "oct october",
    11: "nov november",
    12: "dec december",
}
_NUMBERS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
    " seventeen eighteen nineteen twenty"
).split()
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "last": -1}

# kind|value: phrases, comma-separated. Value is a key the grammar knows; "" for none.
_TABLE = """
PART|morning: morning, mornings, morn, the am
PART|noon: noon time, noontime
PART|lunch: lunch, lunchtime, lunchtimes, lunch time, lunch hour, lunch break, over lunch, lunches, lunch hours
PART|afternoon: afternoon, afternoons, arvo, arvos, aft, aftn, afternoon time
PART|evening: evening, evenings, eve, eves, evng, evenin
PART|night: night, nights, nighttime, night time
PART|late night: late night, late nights, late at night
PART|early morning: early morning, early mornings
PART|mid morning: mid morning, mid mornings, midmorning, midmornings, middle of the morning
PART|late morning: late morning, late mornings
PART|early afternoon: early afternoon, early afternoons
PART|mid afternoon: mid afternoon, mid afternoons, midafternoon, midafternoons, middle of the afternoon
PART|late afternoon: late afternoon, late afternoons
PART|early evening: early evening, early evenings
PART|late evening: late evening, late evenings
PART|first thing: first thing, first thing in the morning
PART|daytime: daytime, during the day, day time, in the day, daytimes, daylight hours, in the daytime
PART|business: business hours, office hours, working hours, work hours, normal business hours, regular business hours
PART|business: standard business hours, normal working hours, during work, 9 to 5 hours, during the work day
HALF|1: first half of, 1 st half of
HALF|2: second half of, 2 nd half of, latter half of, last half of
EARLY|: early
LATE|: late
MIDNIGHT|: midnight
NOON|: noon, midday, mid day, noonish, 12 noon, high noon, 12 midday
EVENT|work: work, working, i work
EVENT|school: school
EVENT|dinner: dinner, dinnertime, dinner time, supper
EVENT|eod: eod, cob, end of day, close of business, end of the day, the end of the day, end of business, end of workday
EVENT|eod: the end of the workday, the end of business, the close of business, cob each day
WEEKNIGHT|: weeknight, weeknights, week nights, week night
TONIGHT|: tonight, tonite
GROUP|weekdays: weekday, weekdays, week day, week days, workday, workdays, work day, work days, workweek, work week
GROUP|weekdays: business day, business days, working days, during the week, through the week, on the week days, weekdys
GROUP|weekend: weekend, weekends, week end, week ends, wkend, wknd, wkends, wknds, both weekend days
GROUP|all: everyday, every day, each day, any day, daily, all week, whole week, entire week, all days, all the days
GROUP|all: 7 days a week, seven days a week, any days, any day of the week, every single day, all seven days, all 7 days
GROUP|all: all week long, every day of the week, any weekday or weekend, each and every day, all days of the week
GROUP|all: 7 days, day to day, any given day
GROUP|weekdays: wkdays, wkday, wkdy, wkdys
BOTH|: both days, either day, all those days, those days, these days, same days, same day, that day, each of those days
ALLDAY|: all day, all day long, whole day, the whole day, entire day, full day, full days, all hours, all times, any hour
ALLDAY|: any times, any time of day, any time of the day, any time during the day, anytime during the day, at any time
ALLDAY|: any hours, throughout the day, the entire day, all of the day, the full day, any slot, any slots
ANYTIME|: any time, anytime, whenever, always, anytime at all, any time at all, any time is fine, anytimes, whatever time
ANYTIME|: 24/7, 24 7, round the clock, whenever works, every time, all the time, anytime you like, any time you like
ANYTIME|: whenever you want, whenever you like, whenever is good, whenever is good for you, whenever works for you
ANYTIME|: whenever is fine, any time that works for you, anytime that works for you, any time works for you
ANYTIME|: whenever is convenient, whenever is easiest, whenever is best, whenever you are free, whenever you're free
ANYTIME|: whenever suits, whenever suits you, any time that suits you, whatever works, whatever works for you
ANYTIME|: whatever works best, whatever time works, whatever works best for you, whenever works best for you
OPEN|: wide open, completely open, totally open, fully open, everything, all open, completely free, totally free
OPEN|: fully available, fully free, entirely free, any and all times, anything, everything works, anything works
OPEN|: wide-open, no restrictions, no constraints, no conflicts, no preference, no preferences, open schedule
OPEN|: all of them, all of the above, always free, always available
FLEX|: flexible, flex, pretty flexible, very flexible, quite flexible, i'm easy, easy going, easygoing
POS|: free, available, open, works, work, can do, can, i can, can make, able, good, ok, okay, fine, great, fits, suit, suits
POS|: works for me, work for me, works well, work well, works great, doable, possible, safe, clear, avail, avl, availability
POS|: i have time, have time, i've got time, have availability, i have availability, have an opening, have openings
POS|: have a slot, have slots, i have an opening, i have openings, have a gap, i have a gap, free time, i have free time
POS|: i have an hour, have some time, i have some time, works too, works also, are good, is good, perfect, up for, for sure
POS|: have free time, have time free, i have a window, have a window, i do have time, convenient, i am around, i'm around
POS|: around on, okay with me, workable, i could do, could do, could, could make, do, openings, opening, have an hour
POS|: am around, good to go, certain, definitely, guaranteed, set, all good, sounds good, will work, would work, i'll be free
YES|: yes, yep, yeah, y, ✓, [x], [✓], yup, sure
NONE|: n/a, na, none, n.a., nope, no availability, nil, not applicable, zero availability, ✗, [], [ ], nada, n a
NOT|: not, no, never, nothing, neither, nor, none of, don't, dont, do not, doesn't, doesnt, does not, won't, wont, will not
NOT|: isn't, isnt, is not, aren't, arent, are not, wouldn't, would not, am not, i'm not, im not, ain't, not any, nothing on
NOT|: no more, not on, don't have, dont have, do not have, have no, i have no, not in, hardly ever, rarely
OFF|: can't, cant, cannot, can not, couldn't, could not, unable, can't do, cannot do, can't make, cannot make, cant do
OFF|: unavailable, busy, booked, taken, blocked, occupied, tied up, swamped, unable to, unavail, reserved, conflict
OFF|: not available, not free, not open, not good, not possible, not at all, doesn't work, don't work, do not work
OFF|: does not work, won't work, will not work, is out, are out, is bad, are bad, no good, are no good, is no good, off limits
OFF|: out of the question, is a no, are a no, is a no go, no go, are no go, not ok, not okay, not great, bad, is off the table
OFF|: isn't good, aren't good, isn't possible, wouldn't work, unavailable on, am unavailable, am busy, i'm busy, i am busy
OFF|: can't make it, cannot make it, can't meet, cannot meet, can not meet, can't make any, doesn't suit, not suitable
OFF|: isn't available, aren't available, i'm unavailable, impossible, is impossible, are impossible, booked up, full
OFF|: fully booked, completely booked, all booked, all booked up, conflicts, have a conflict, i have a conflict, can't be
OFF|: a conflict, not able, not able to, won't be able, won't be able to, will not be able to, not going to work, closed
OFF|: is a problem, are a problem, not an option, isn't an option, doesn't work for me, don't work for me, can't attend
OFF|: cannot attend, i'm unable to, i can't, i cannot, i cant, cant make, cant make it, cant meet, won't be available
OFF|: will not be available, won't be free, isn't great, aren't great, aren't possible, bad for me, no can do, a no
OFF|: not around, not in, won't be around, out of town, out of office, ooo, out of the office, away, out, gone, traveling
OFF|: travelling, on vacation, on holiday, on leave, on pto, pto, vacation, holiday, off the grid, on a trip, off site
OFF|: offsite, have plans, i have plans, plans, i'm out, i'm away, am away, am out, be away, be out, i'm traveling, i'll be out
OFF|: i'm travelling, i'll be away, i'm on vacation, i'll be traveling, will be away, will be out, will be traveling, flying
ACT|: class, classes, lecture, lectures, lab, labs, seminar, seminars, meeting, meetings, gym, practice, practices
ACT|: teaching, teach, tutoring, tutorial, tutorials, rehearsal, rehearsals, training, trainings, shift, shifts, clinic
ACT|: on call, on shift, work shift, standing call, call, calls, appointment, appointments, standup, stand up, commute
ACT|: commuting, daycare, day care, choir, church, rounds, yoga, therapy, volunteering, soccer, football, basketball
ACT|: swim, swimming, track, band, band practice, office, in the office, in the lab, in class, at work, in meetings
ACT|: in a meeting, in lab, in lectures, at school, at the office, at the gym, at church, internship, job, kids, kid duty
ACT|: school run, school pickup, pickup, pick up, pickups, drop off, dropoff, childcare, studio, discussion section, recitation
ACT|: recitations, section, sections, exam, exams, midterm, midterms, doctor's appointment, dentist, dentist appointment
ACT|: doctor appointment, interview, interviews, club, club meeting, clubs, team meeting, team meetings, staff meeting
ACT|: all hands, standing meeting, standing meetings, other commitments, commitments, commitment, prior commitment
ACT|: obligations, obligation, engagements, events, event, sports, debate, fencing, crossfit, pilates, piano, piano lesson
ACT|: lessons, lesson, coaching, workout, study group, book club, bible study, worship, service, my shift, dance, swim team
ACT|: soccer practice, my job, course, courses, sprint planning, sync, syncs, 1:1s, surgery, dialysis, carpool, babysitting
WORKBUSY|: work, i work, i am working, i'm working, working, at work, have work, i have work, work from, we work, im working
HAVE|: i have, i've got, i have got, i got, have, there's, there is, there are, i've, having, got, i've a, i do have
EXCEPT|: except, excepting, excluding, exclude, excludes, apart from, aside from, other than, besides, minus, but not
EXCEPT|: w/o, without, exc, excl, except for, except on, with the exception of, save for, excluding on, sans, barring, except from
EXCEPT|: but never, but nothing, but no, and not, just not, only not, except not, omit, omitting, skip, skipping, outside of
EXCEPT|: but can't, but cannot, but don't, leaving out, with the exceptions of, exception, exceptions, everything but
BUT|: but, however, though, although, yet
ELSE|: otherwise, other than that, apart from that, aside from that, besides that, except for that, else, outside of that
ELSE|: except that, outside that, beyond that, outside of those, outside those times, apart from those, other than those
ELSE|: besides those, all other times, any other time, any other times, every other time, at all other times, other times
REST|: rest of, the rest of, remainder of, the remainder of, rest of my, the rest of my, balance of
RESTALL|: rest of the week, the rest of the week, rest of week, the rest of my week, the rest, all other days, any other day
RESTALL|: every other day of the week, the other days, other days, everything else, anything else, all else, any other days
RESTALL|: rest of my week, rest of my schedule, the rest of my schedule, rest of the time, the rest of the time, all others
RESTALL|: remaining days, the remaining days, remainder of the week, the remainder of the week, the others
FREEAFTER|: free after, free after that, free afterwards, free afterward, open after, open after that, available after
FREEAFTER|: available after that, available afterwards, free after those, free after it, open afterwards, afterwards
FREEAFTER|: i'm free after, free after class, available after class
SO|: so, then, therefore, thus, hence, instead, leaving, leaves
NEXT|: next, nxt
THIS|: this, this coming, coming, upcoming, this upcoming, the coming, this very, the upcoming, this next
WEEK|: week, wk, weeks
WEEKOF|: week of, the week of, wk of, week starting, week beginning, the week starting, the week beginning, week commencing
WEEKOF|: w/c, week that starts, week from, the week of the
AFTERNEXT|: week after next, the week after next
WEEKAFTER|: week after, the week after, the following week, following week, the week after that, week after that
TODAY|0: today
TODAY|1: tomorrow, tmrw, tmr, tomorow, tmw, tom
TODAY|2: day after tomorrow, the day after tomorrow, overmorrow
HOLIDAY|thanksgiving: thanksgiving, thanksgiving day, turkey day
HOLIDAY|christmas: christmas, christmas day, xmas
HOLIDAY|christmas eve: christmas eve, xmas eve
HOLIDAY|new year's eve: new year's eve, new years eve, nye
HOLIDAY|new year's day: new year's day, new years day, new year's, new years, new year
EVERY|: every, each, evry, ea
ANY|: any, any of, either, either of, all, both, whichever, all my, all of my, any of my, any of these, all of
ONTHE|: on the
OTHER2|: every other, every second, alternate, alternating, every 2nd, each other, every alternate, every-other
BIWEEKLY|: biweekly, bi weekly, fortnightly, every fortnight, every other week, every 2 weeks, every two weeks, alternate weeks
BIWEEKLY|: every second week, alternating weeks, once every two weeks, once every 2 weeks, every 2 wks, each fortnight
BIWEEKLY|: once a fortnight, every alternate week, on alternate weeks, on alternating weeks, every 2nd week
WEEKLY|: weekly, every week, each week, per week, a week, recurring, on a weekly basis, week to week, regularly, most weeks
MONTHOF|: of the month, of each month, of every month, of a month, in the month, each month, every month, of month, monthly
MONTHOF|: a month, of any month
MONTHEND|: end of the month, the end of the month, end of month, month end, month's end, eom
ENDOF|: end of, the end of, the last day of
STARTOF|: start of, the start of, beginning of, the beginning of
MONTHTHIS|0: this month
MONTHTHIS|1: next month
SEMESTER|: end of the semester, end of semester, the end of the semester
SOME|: some, one, a few, few, couple of, a couple of, a couple, certain, several, two, three, four, five, random, occasional
SOME|: some of the, one of the, a single, various
TIMES|: once, twice, three times, 3 times, two times, 2 times, 1x, 2x, 3x, four times, 1 time, one time, thrice, multiple times
PERWEEK|: a week, per week, each week, every week, weekly, /week, a wk, per wk, a day, per day, a month, per month
HOUR|: hour, hours, hr, hrs, h
MINUTE|: minute, minutes, min, mins
AM|: am, a.m., a.m, a m
PM|: pm, p.m., p.m, p m
OCLOCK|: o'clock, oclock, o clock, sharp, on the dot, hrs, hours, h
ISH|: ish
HALFPAST|30: half past
HALFPAST|15: quarter past, quarter after, a quarter past, a quarter after
HALFPAST|-15: quarter to, quarter till, quarter of, a quarter to, quarter before
HALFBRIT|: half
BETWEEN|: between, b/w, btw, btwn, betw, anywhere between, any time between, anytime between, sometime between, in between
BETWEEN|: from anywhere between, at any time between, somewhere between, bet
FROM|: from, frm, starting at, starting from, beginning at, start at, begin at, starts at, fr
FROM|: anywhere from, any time from, anytime from, sometime from, begins at, as early as
AFTER|: after, past, later than, >, aft, any time after, anytime after, anything after, anything later than
AFTER|: anything past, any time past, anytime past, sometime after, some time after, following, since, post
AFTER|: whenever after, everything after, times after, time after, right after
GE|: >=, ≥, no earlier than, not before, not earlier than, not until, not till, no sooner than, earliest, earliest is
GE|: earliest at, at the earliest, earliest possible, not any earlier than
LE|: <=, ≤, no later than, not after, not later than, not past, latest, latest is, at the latest, not any later than
LE|: by no later than, not beyond, latest at, nothing later than
UNTIL|: until, till, til, 'til, untill, up to, up until, up till, thru, through, upto, throughout, ending at, ends at, ending
UNTIL|: to no later than, all the way to, all the way until, up through, up thru, good until, open until, free until
BEFORE|: before, b4, <, prior to, earlier than, bef, anything before, any time before, anytime before, sometime before, by
BEFORE|: anytime prior to, any time prior to, ahead of, anything earlier than, everything before, times before, time before
BEFORE|: anytime up to, any time until, anytime until, whenever before
FREEBY|: free by, done by, home by, out by, off by, finished by, back by, done at, finish at, finished at, off at, off work at
FREEBY|: get off at, get off work at, out of class at, out of class by, finish by, out at, home at, finish work at, off work by
FREEBY|: done with class at, done with work at, done with class by, done with work by, finish class at, get home at, get out at
FREEBY|: get home by, get out by, get off by, i get off at, leave work at, out of work at, out of work by, finish, available by
FREEBY|: done with classes by, done with classes at, open by, get off work by, ends at, wrap up at, wrap up by, done around
ONWARD|: onwards, onward, on, or later, and later, and on, or after, and after, and onwards, and onward, and up, forward, and beyond
ONWARD|: or so on, on out, plus, at the earliest, earliest, or any time after, or anytime after, on up, and following
ONWARD|: until whenever, until late, till late, to whenever, to close, to late, until close, and past, or beyond
ORBEFORE|: or earlier, or before, and earlier, and before, at the latest, latest, or sooner, or any time before
STARTING|: starting, starting from, starting on, beginning, beginning on, effective, as of, commencing, start, starts, begin
STARTING|: starts on, begins, effective as of, from, after the, since, starting from the, start date, starting the, beginning the
ENDING|: ending, ends, ending on, through, thru, until, till, til, up to, up until, up through, not after, no later than, last day
ENDING|: last possible date, last date, last date is, last day is, expires, end date, to, not past, until the, by, through the
ENDING|: until the, last day being, ends on, valid until, valid through, good through, good until, available until, up till
FORNEXT|: for the next, for next, over the next, next, for the coming, in the next, during the next, these next, for
FORNEXT|: for the following, within the next, the next, for the upcoming
COUPLE|: couple of, couple, few
INMONTH|: in, during, throughout, all of, all, through, for, in all of, during all of, only in, for all of
MAYBE|: maybe, possibly, might, perhaps, probably, if needed, if necessary, in a pinch, if need be, if i have to, tentative
MAYBE|: tentatively, if absolutely necessary, if absolutely needed, if required, if i must, potentially, could possibly
MAYBE|: might be able to, might be, might work, may work, may be, mayb, could maybe, as a backup, backup, as backup, back up
MAYBE|: as a last resort, last resort, worst case, at a pinch, at a push, if desperate, if nothing else works, prob, probs
MAYBE|: if you need, if you really need, if really needed, if really necessary, not sure about, not sure, unsure, pencil in
MAYBE|: sometimes, most, mostly, most of, usually but, might be free, may be free, likely, most likely, i think, i guess, i believe
MAYBE|: tentatively free, subject to change, in an emergency, only if needed, only if necessary, may be able to, hopefully
MAYBE|: with some notice, if nothing else, if all else fails, fallback, as a fallback, as needed, i might, might be available
PREF|: prefer, preferred, preferably, preferable, ideally, ideal, best, is best, are best, 1 st choice, 2 nd choice, 3 rd choice
PREF|: first choice, second choice, third choice, preference, preferences, favorite, favourite, top choice, would be best
PREF|: works best, work best, is better, are better, better, would be better, is ideal, are ideal, is preferred, are preferred
PREF|: i prefer, i'd prefer, i would prefer, would prefer, if possible, most preferred, least preferred, would be ideal, pref
PREF|: prefer earlier, prefer later, the earlier, the later, earlier if possible, later if possible
PREF|: earlier is better, later is better, the earlier the better, the later the better, earlier the better, the sooner the better
PREF|: earlier in the day is better, later in the day is better, sooner is better, my preference is, would be great, next best
PREF|: earlier in the day preferred, later in the day preferred, earlier preferred, later preferred, earlier in the week is better
PREF|: asap, as soon as possible, works best for me, work best for me, best for me, are best for me, is best for me, prefers
PREF|: my first choice is, my second choice is, option 1, option 2, option 3, option a, option b, priority, especially
PREF|: particularly, easiest, my favorite, prefferably, top pick, works better, work better, works better for me, next choice
PREF|: is my first choice, would be preferred, ideal time, ideal times, optimal, best bet, optimally, best times, best time
APPROX|: around, about, approx, approximately, roughly, circa, ca, ~, roughly around, at around, at about, like, say around
APPROX|: more or less, or so, ish, or thereabouts, give or take
IF|: if, unless, depending, depending on, depends, depends on, provided, provided that, as long as, so long as, assuming
IF|: subject to, pending, contingent on, contingent upon, except when, except if, only if, weather permitting, but only if
IF|: only when, unless there is, on condition, conditional, whether, in case, except during, it depends, except while
WHY|: because, since i, as i, due to, cause, cuz, bc, b/c, as we, since we, since it's, since my
WHEN|: when, while, once, as soon as, during, around, near
SAME|: same, ditto, same time, same times, the same, likewise, same thing, same hours, same slot, same as above, same here
SAME|: the same time, the same times, at the same time, at the same times, same window, the same hours, at same time
ORDINAL|1: first, 1st
ORDINAL|2: second, 2nd
ORDINAL|3: third, 3rd
ORDINAL|4: fourth, 4th
ORDINAL|5: fifth, 5th
ORDINAL|-1: last, final
TIMEZONEWORD|: time, timezone, time zone, tz, standard time, daylight time, times, daylight savings, zone, daylight saving time
AND|: and, &, plus, n, as well as, and also, and then, also, along with, +, additionally, and/or, + also, in addition to
OR|: or, and or, alternatively, or else, or on, or even, /
TO|: to, -, --, through, thru, till, til, until, ~, →, ->, =>, –, -->, up to, untill, up until, 'til, all the way to
BADNUM|: room, rm, ext, extension, apt, suite, ste, phone, cell, tel, floor, section, chapter, page, flight, bus, route, box
BADNUM|: building, bldg, zip, number, chem, bio, math, cs, econ, phys, psych, engl, hist, highway, hwy, exit, gate, level, unit
BADNOUN|: night owl, morning person, early bird, night person, march madness, evening person, day job, night shift, second year
BADNOUN|: night shifts, day shift, evening class, evening classes, night class, night classes, sun room, sun shine, noon prayer
BADNOUN|: day care, sunday school, black friday, good friday, cyber monday, friday night lights, super tuesday, second job
BADNOUN|: second semester, first year, third year, fourth year, second motion, may second, marching band, summer, last year, night school
BADNOUN|: only one of them, one of them, one of these, one of those, just one, only one, not both, but not both, just one of them
BADNOUN|: either one, pick one, one or the other, only one of those, only one of these, just one of those, only one of the two
PENDING|: tbd, tba, to be determined, to be decided, to be confirmed, tbc, time tbd, times tbd
BADNOUN|: finals week, final exams, finals, spring break, winter break, fall break, spring, fall, reading week, exam week
DRAGTO|: into
VALIDWORD|: valid, good for, applies, applicable
FILL|: the, a, an, at, on, in, of, for, my, is, are, am, be, i, i'm, im, i'd, i'll, we, me, you, your, it, it's, its, that, this
FILL|: these, those, there, will, would, should, was, been, being, has, had, to, with, by, from, as, do, does, did, just, only
FILL|: hi, hello, hey, thanks, thank you, thank, thx, ty, cheers, please, pls, plz, sorry, dear, regards, best regards, all the best
FILL|: usually, generally, normally, typically, currently, also, too, either, then, so, well, really, very, pretty
FILL|: quite, super, mainly, primarily, basically, actually, time, times, slot, slots, window, windows, hours, hour, schedule
FILL|: availability, availabilities, meet, meeting time, meeting times, meet up, to meet, make it, chat, talk, schedule is
FILL|: my availability is, my availability, my schedule, my schedule is, my calendar is, preferred time, specific, local time
FILL|: my time, here's, here are, here is, below, following, the following, as follows, see below, looks like, let me know, how about, what about
FILL|: let's, lets, us, hope, this helps, hope this helps, works, good, great, fine, for me, for you, say, e.g, i.e
FILL|: namely, specifically, such as, including, includes, like, slots that work, i can meet, can meet, i would like to meet
FILL|: i would like, i'd like, would like, like to meet, love to, happy to, happy to meet, look forward, looking forward to it
FILL|: looking forward, let us, some time, sometime, somewhere, anywhere, right now, now, at the moment, as usual, still, kind of
FILL|: a bit, in general, in theory, in principle, overall, mind, day, days, weekly slots, etc, that's it, that is, that's
FILL|: i've, have, got, get, give, take, schedule a, a call, a meeting, a session, a review, for a call, for a meeting, for a session
FILL|: session, sessions, review, reviews, resume review, mentoring, appt, to do, to be, to talk, to chat, to schedule, to connect
FILL|: connect, for this, participate, attend, join, take part, commit, everyone, team, there, y'all, folks, friend, sir, madam, okay so, ok so, yes please, if that works
FILL|: if that helps, if that works for you, if that's ok, if that's okay, if it helps, if you like, if not, if you're free, though
FILL|: respectively, inclusive, incl, o, est dispo, note, nb, ps, fyi, btw, imo, tbh, in my time zone, my timezone, in my timezone
FILL|: my time zone, time zone, timezone, tz, zone, all times, times are, times in, all times in, all in, in case, based in, i live in
FILL|: i'm based in, i am in, i'm in, i'm on, living in, located in, i am based in, reachable, contact, starting, start
FILL|: period, block, blocks, chunk, range, ranges, whichever, sometime around, or so, hrs, long, long time, we can, can we
FILL|: we could, could we, shall we, want, need, needed, prefer, ready, at least, at most, max, no problem, np, no worries
FILL|: either end of the day, both ends of the day, either end of day, last minute, short notice, off and on
FILL|: my best times are, best times are, my mornings, my evenings, my afternoons, my days, will be, i will be, i am, available times
FILL|: preferred times, preferred days, days and times, days/times, day/time, dates, date, day(s), time(s), e.g
FILL|: again, already, even, way, able to, thing, things, stuff, one, ones, part, parts, them, they, they're, their
FILL|: apologies, unfortunately, sadly, alas, afraid, i'm afraid, work's, wise, u, r, ur, lol, haha, :), bye, xo, xx, xoxo, sincerely
FILL|: for the review, for the resume review, for a resume review, for the session, for a chat, for a quick call, for the call
FILL|: to meet with, to speak, speak, for meetings, for sessions, for reviews, for calls, meetings between, for mentoring
FILL|: anyone, anybody, make, makes, made, making, see you, see you then, talk soon, much, many, many thanks, much appreciated
FILL|: thanks so much, thank you so much, thanks a lot, in advance, thanks in advance, appreciate it, appreciated, good morning
FILL|: good afternoon, good evening, good day, greetings, howdy, hiya, to whom it may concern, hope you're well, hope you are well
"""


def _load() -> dict[str, list[tuple[tuple[str, ...], str, object]]]:
    phrases: dict[str, list[tuple[tuple[str, ...], str, object]]] = {}

    def add(phrase: str, kind: str, value: object) -> None:
        words = tuple(phrase.split())
        if words:
            phrases.setdefault(words[0], []).append((words, kind, value))

    for kind_of, table in (("DAY", _DAYS), ("MONTH", _MONTHS)):
        for number, names in table.items():
            for name in names.split():
                add(name, kind_of, number)
    for number, name in enumerate(_NUMBERS):
        add(name, "NUMBER", number)
    for line in _TABLE.strip().splitlines():
        head, _, names = line.partition(":")
        kind, _, value = head.partition("|")
        for name in names.split(","):
            add(name.strip(), kind, value)
    for name, zone in zone_phrases().items():
        add(name, "ZONE", zone)
    for options in phrases.values():
        options.sort(key=lambda option: -len(option[0]))
    return phrases


PHRASES = _load()
KNOWN_WORDS = frozenset(word for options in PHRASES.values() for words, _, _ in options for word in words)
