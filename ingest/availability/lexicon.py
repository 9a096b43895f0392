"""The table of words: kind|value: phrases. The grammar gives the kinds their meaning; a phrase may have several."""

TABLE = """
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
EVENT|eod: eod, cob, end of day, close of business, end of the day, the end of the day, end of business
EVENT|eod: end of workday, the end of the workday, the end of business, the close of business, cob each day
WEEKNIGHT|: weeknight, weeknights, week nights, week night
TONIGHT|: tonight, tonite
GROUP|weekdays: weekday, weekdays, week day, week days, workday, workdays, work day, work days, workweek, work week
GROUP|weekdays: business day, business days, working days, during the week, through the week, on the week days
GROUP|weekdays: weekdys, wkdays, wkday, wkdy, wkdys
GROUP|weekend: weekend, weekends, week end, week ends, wkend, wknd, wkends, wknds, both weekend days
GROUP|all: everyday, every day, each day, any day, daily, all week, whole week, entire week, all days, all the days
GROUP|all: 7 days a week, seven days a week, any days, any day of the week, every single day, all seven days
GROUP|all: all 7 days, all week long, every day of the week, any weekday or weekend, each and every day
GROUP|all: all days of the week, 7 days, day to day, any given day
BOTH|: both days, either day, all those days, those days, these days, same days, same day, that day
BOTH|: each of those days
ALLDAY|: all day, all day long, whole day, the whole day, entire day, full day, full days, all hours, all times
ALLDAY|: any hour, any times, any time of day, any time of the day, any time during the day, anytime during the day
ALLDAY|: at any time, any hours, throughout the day, the entire day, all of the day, the full day, any slot, any slots
ANYTIME|: any time, anytime, whenever, always, anytime at all, any time at all, any time is fine, anytimes
ANYTIME|: whatever time, 24/7, 24 7, round the clock, whenever works, every time, all the time, anytime you like
ANYTIME|: any time you like, whenever you want, whenever you like, whenever is good, whenever is good for you
ANYTIME|: whenever works for you, whenever is fine, any time that works for you, anytime that works for you
ANYTIME|: any time works for you, whenever is convenient, whenever is easiest, whenever is best, whenever you are free
ANYTIME|: whenever you're free, whenever suits, whenever suits you, any time that suits you, whatever works
ANYTIME|: whatever works for you, whatever works best, whatever time works, whatever works best for you
ANYTIME|: whenever works best for you
OPEN|: wide open, completely open, totally open, fully open, everything, all open, completely free, totally free
OPEN|: fully available, fully free, entirely free, any and all times, anything, everything works, anything works
OPEN|: wide-open, no restrictions, no constraints, no conflicts, no preference, no preferences, open schedule
OPEN|: all of them, all of the above, always free, always available
FLEX|: flexible, flex, pretty flexible, very flexible, quite flexible, i'm easy, easy going, easygoing
POS|: free, available, open, works, work, can do, can, i can, can make, able, good, ok, okay, fine, great, fits, suit
POS|: suits, works for me, work for me, works well, work well, works great, doable, possible, safe, clear, avail, avl
POS|: availability, i have time, have time, i've got time, have availability, i have availability, have an opening
POS|: have openings, have a slot, have slots, i have an opening, i have openings, have a gap, i have a gap, free time
POS|: i have free time, i have an hour, have some time, i have some time, works too, works also, are good, is good
POS|: perfect, up for, for sure, have free time, have time free, i have a window, have a window, i do have time
POS|: convenient, i am around, i'm around, around on, okay with me, workable, i could do, could do, could, could make
POS|: do, openings, opening, have an hour, am around, good to go, certain, definitely, guaranteed, set, all good
POS|: sounds good, will work, would work, i'll be free
YES|: yes, yep, yeah, y, ✓, [x], [✓], yup, sure
NONE|: n/a, na, none, n.a., nope, no availability, nil, not applicable, zero availability, ✗, [], [ ], nada, n a
NOT|: not, no, never, nothing, neither, nor, none of, don't, dont, do not, doesn't, doesnt, does not, won't, wont
NOT|: will not, isn't, isnt, is not, aren't, arent, are not, wouldn't, would not, am not, i'm not, im not, ain't
NOT|: not any, nothing on, no more, not on, don't have, dont have, do not have, have no, i have no, not in
NOT|: hardly ever, rarely
OFF|: can't, cant, cannot, can not, couldn't, could not, unable, can't do, cannot do, can't make, cannot make, cant do
OFF|: unavailable, busy, booked, taken, blocked, occupied, tied up, swamped, unable to, unavail, reserved, conflict
OFF|: not available, not free, not open, not good, not possible, not at all, doesn't work, don't work, do not work
OFF|: does not work, won't work, will not work, is out, are out, is bad, are bad, no good, are no good, is no good
OFF|: off limits, out of the question, is a no, are a no, is a no go, no go, are no go, not ok, not okay, not great
OFF|: bad, is off the table, isn't good, aren't good, isn't possible, wouldn't work, unavailable on, am unavailable
OFF|: am busy, i'm busy, i am busy, can't make it, cannot make it, can't meet, cannot meet, can not meet
OFF|: can't make any, doesn't suit, not suitable, isn't available, aren't available, i'm unavailable, impossible
OFF|: is impossible, are impossible, booked up, full, fully booked, completely booked, all booked, all booked up
OFF|: conflicts, have a conflict, i have a conflict, can't be, a conflict, not able, not able to, won't be able
OFF|: won't be able to, will not be able to, not going to work, closed, is a problem, are a problem, not an option
OFF|: isn't an option, doesn't work for me, don't work for me, can't attend, cannot attend, i'm unable to, i can't
OFF|: i cannot, i cant, cant make, cant make it, cant meet, won't be available, will not be available, won't be free
OFF|: isn't great, aren't great, aren't possible, bad for me, no can do, a no, not around, not in, won't be around
OFF|: out of town, out of office, ooo, out of the office, away, out, gone, traveling, travelling, on vacation
OFF|: on holiday, on leave, on pto, pto, vacation, holiday, off the grid, on a trip, off site, offsite, have plans
OFF|: i have plans, plans, i'm out, i'm away, am away, am out, be away, be out, i'm traveling, i'll be out
OFF|: i'm travelling, i'll be away, i'm on vacation, i'll be traveling, will be away, will be out, will be traveling
OFF|: flying
ACT|: class, classes, lecture, lectures, lab, labs, seminar, seminars, meeting, meetings, gym, practice, practices
ACT|: teaching, teach, tutoring, tutorial, tutorials, rehearsal, rehearsals, training, trainings, shift, shifts
ACT|: clinic, on call, on shift, work shift, standing call, call, calls, appointment, appointments, standup, stand up
ACT|: commute, commuting, daycare, day care, choir, church, rounds, yoga, therapy, volunteering, soccer, football
ACT|: basketball, swim, swimming, track, band, band practice, office, in the office, in the lab, in class, at work
ACT|: in meetings, in a meeting, in lab, in lectures, at school, at the office, at the gym, at church, internship, job
ACT|: kids, kid duty, school run, school pickup, pickup, pick up, pickups, drop off, dropoff, childcare, studio
ACT|: discussion section, recitation, recitations, section, sections, exam, exams, midterm, midterms
ACT|: doctor's appointment, dentist, dentist appointment, doctor appointment, interview, interviews, club
ACT|: club meeting, clubs, team meeting, team meetings, staff meeting, all hands, standing meeting, standing meetings
ACT|: other commitments, commitments, commitment, prior commitment, obligations, obligation, engagements, events
ACT|: event, sports, debate, fencing, crossfit, pilates, piano, piano lesson, lessons, lesson, coaching, workout
ACT|: study group, book club, bible study, worship, service, my shift, dance, swim team, soccer practice, my job
ACT|: course, courses, sprint planning, sync, syncs, 1:1s, surgery, dialysis, carpool, babysitting
WORKBUSY|: work, i work, i am working, i'm working, working, at work, have work, i have work, work from, we work
WORKBUSY|: im working
HAVE|: i have, i've got, i have got, i got, have, there's, there is, there are, i've, having, got, i've a, i do have
EXCEPT|: except, excepting, excluding, exclude, excludes, apart from, aside from, other than, besides, minus, but not
EXCEPT|: w/o, without, exc, excl, except for, except on, with the exception of, save for, excluding on, sans, barring
EXCEPT|: except from, but never, but nothing, but no, and not, just not, only not, except not, omit, omitting, skip
EXCEPT|: skipping, outside of, but can't, but cannot, but don't, leaving out, with the exceptions of, exception
EXCEPT|: exceptions
SAVE|: but, bar, save
BUT|: but, however, though, although, yet
ELSE|: otherwise, other than that, apart from that, aside from that, besides that, except for that, else
ELSE|: outside of that, except that, outside that, beyond that, outside of those, outside those times
ELSE|: apart from those, other than those, besides those, all other times, any other time, any other times
ELSE|: every other time, at all other times, other times
REST|: rest of, the rest of, remainder of, the remainder of, rest of my, the rest of my, balance of
OTHERS|: other, the other, all other, all the other, any other, the remaining, remaining, all remaining
OTHERS|: all the remaining, the rest of the, rest of the, the rest of my, rest of my, my other
RESTALL|: rest of the week, the rest of the week, rest of week, the rest of my week, the rest, all other days
RESTALL|: any other day, every other day of the week, the other days, other days, everything else, anything else
RESTALL|: all else, any other days, rest of my week, rest of my schedule, the rest of my schedule, rest of the time
RESTALL|: the rest of the time, all others, remaining days, the remaining days, remainder of the week
RESTALL|: the remainder of the week, the others
FREEAFTER|: free after, free after that, free afterwards, free afterward, open after, open after that, available after
FREEAFTER|: available after that, available afterwards, free after those, free after it, open afterwards, afterwards
FREEAFTER|: i'm free after, free after class, available after class
SO|: so, then, therefore, thus, hence, instead, leaving, leaves
NEXT|: next, nxt
THIS|: this, this coming, coming, upcoming, this upcoming, the coming, this very, the upcoming, this next
WEEK|: week, wk, weeks
WEEKOF|: week of, the week of, wk of, week starting, week beginning, the week starting, the week beginning
WEEKOF|: week commencing, w/c, week that starts, week from, the week of the
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
BIWEEKLY|: biweekly, bi weekly, fortnightly, every fortnight, every other week, every 2 weeks, every two weeks
BIWEEKLY|: alternate weeks, every second week, alternating weeks, once every two weeks, once every 2 weeks
BIWEEKLY|: every 2 wks, each fortnight, once a fortnight, every alternate week, on alternate weeks
BIWEEKLY|: on alternating weeks, every 2nd week
WEEKLY|: weekly, every week, each week, per week, a week, recurring, on a weekly basis, week to week, regularly
WEEKLY|: most weeks
MONTHOF|: of the month, of each month, of every month, of a month, in the month, each month, every month, of month
MONTHOF|: monthly, a month, of any month
MONTHEND|: end of the month, the end of the month, end of month, month end, month's end, eom
ENDOF|: end of, the end of, the last day of
STARTOF|: start of, the start of, beginning of, the beginning of
MONTHTHIS|0: this month
MONTHTHIS|1: next month
SEMESTER|: end of the semester, end of semester, the end of the semester
SOME|: some, one, a few, few, couple of, a couple of, a couple, certain, several, two, three, four, five, random
SOME|: occasional, some of the, one of the, a single, various
TIMES|: once, twice, three times, 3 times, two times, 2 times, 1x, 2x, 3x, four times, 1 time, one time, thrice
TIMES|: multiple times
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
BETWEEN|: between, b/w, btw, btwn, betw, anywhere between, any time between, anytime between, sometime between
BETWEEN|: in between, from anywhere between, at any time between, somewhere between, bet
FROM|: from, frm, starting at, starting from, beginning at, start at, begin at, starts at, fr, anywhere from
FROM|: any time from, anytime from, sometime from, begins at, as early as
AFTER|: after, past, later than, >, aft, any time after, anytime after, anything after, anything later than
AFTER|: anything past, any time past, anytime past, sometime after, some time after, following, since, post
AFTER|: whenever after, everything after, times after, time after, right after
GE|: >=, ≥, no earlier than, not before, not earlier than, not until, not till, no sooner than, earliest, earliest is
GE|: earliest at, at the earliest, earliest possible, not any earlier than
LE|: <=, ≤, no later than, not after, not later than, not past, latest, latest is, at the latest, not any later than
LE|: by no later than, not beyond, latest at, nothing later than
UNTIL|: until, till, til, 'til, untill, up to, up until, up till, thru, through, upto, throughout, ending at, ends at
UNTIL|: ending, to no later than, all the way to, all the way until, up through, up thru, good until, open until
UNTIL|: free until, up to and including, until and including, till and including
BEFORE|: up to but not including, until but not including, till but not including, up until but not including
BEFORE|: up to but excluding, until but excluding, up to and excluding, up to and not including
BEFORE|: before, b4, <, prior to, earlier than, bef, anything before, any time before, anytime before, sometime before
BEFORE|: by, anytime prior to, any time prior to, ahead of, anything earlier than, everything before, times before
BEFORE|: time before, anytime up to, any time until, anytime until, whenever before
FREEBY|: free by, done by, home by, out by, off by, finished by, back by, done at, finish at, finished at, off at
FREEBY|: off work at, get off at, get off work at, out of class at, out of class by, finish by, out at, home at
FREEBY|: finish work at, off work by, done with class at, done with work at, done with class by, done with work by
FREEBY|: finish class at, get home at, get out at, get home by, get out by, get off by, i get off at, leave work at
FREEBY|: out of work at, out of work by, finish, available by, done with classes by, done with classes at, open by
FREEBY|: get off work by, ends at, wrap up at, wrap up by, done around
ONWARD|: onwards, onward, on, or later, and later, and on, or after, and after, and onwards, and onward, and up
ONWARD|: forward, and beyond, or so on, on out, plus, at the earliest, earliest, or any time after, or anytime after
ONWARD|: on up, and following, until whenever, until late, till late, to whenever, to close, to late, until close
ONWARD|: and past, or beyond
ORBEFORE|: or earlier, or before, and earlier, and before, at the latest, latest, or sooner, or any time before
STARTING|: starting, starting from, starting on, beginning, beginning on, effective, as of, commencing, start, starts
STARTING|: begin, starts on, begins, effective as of, from, after the, since, starting from the, start date
STARTING|: starting the, beginning the, from and including, starting from and including
ENDING|: ending, ends, ending on, through, thru, until, till, til, up to, up until, up through, not after
ENDING|: no later than, last day, last possible date, last date, last date is, last day is, expires, end date, to
ENDING|: not past, until the, by, through the, last day being, ends on, valid until, valid through, good through
ENDING|: good until, available until, up till, up to and including, up until and including, until and including
ENDING|: till and including, through and including, to and including, up till and including
FORNEXT|: for the next, for next, over the next, next, for the coming, in the next, during the next, these next, for
FORNEXT|: for the following, within the next, the next, for the upcoming
COUPLE|: couple of, couple, few
INMONTH|: in, during, throughout, all of, all, through, for, in all of, during all of, only in, for all of
MAYBE|: maybe, possibly, might, perhaps, probably, if needed, if necessary, in a pinch, if need be, if i have to
MAYBE|: tentative, tentatively, if absolutely necessary, if absolutely needed, if required, if i must, potentially
MAYBE|: could possibly, might be able to, might be, might work, may work, may be, mayb, could maybe, as a backup
MAYBE|: backup, as backup, back up, as a last resort, last resort, worst case, at a pinch, at a push, if desperate
MAYBE|: if nothing else works, prob, probs, if you need, if you really need, if really needed, if really necessary
MAYBE|: not sure about, not sure, unsure, pencil in, sometimes, most, mostly, most of, usually but, might be free
MAYBE|: may be free, likely, most likely, i think, i guess, i believe, tentatively free, subject to change
MAYBE|: in an emergency, only if needed, only if necessary, may be able to, hopefully, with some notice
MAYBE|: if nothing else, if all else fails, fallback, as a fallback, as needed, i might, might be available
PREF|: prefer, preferred, preferably, preferable, ideally, ideal, best, is best, are best, 1 st choice, 2 nd choice
PREF|: 3 rd choice, first choice, second choice, third choice, preference, preferences, favorite, favourite
PREF|: top choice, would be best, works best, work best, is better, are better, better, would be better, is ideal
PREF|: are ideal, is preferred, are preferred, i prefer, i'd prefer, i would prefer, would prefer, if possible
PREF|: most preferred, least preferred, would be ideal, pref, prefer earlier, prefer later, the earlier, the later
PREF|: earlier if possible, later if possible, earlier is better, later is better, the earlier the better
PREF|: the later the better, earlier the better, the sooner the better, earlier in the day is better
PREF|: later in the day is better, sooner is better, my preference is, would be great, next best
PREF|: earlier in the day preferred, later in the day preferred, earlier preferred, later preferred
PREF|: earlier in the week is better, asap, as soon as possible, works best for me, work best for me, best for me
PREF|: are best for me, is best for me, prefers, my first choice is, my second choice is, option 1, option 2, option 3
PREF|: option a, option b, priority, especially, particularly, easiest, my favorite, prefferably, top pick
PREF|: works better, work better, works better for me, next choice, is my first choice, would be preferred, ideal time
PREF|: ideal times, optimal, best bet, optimally, best times, best time
APPROX|: around, about, approx, approximately, roughly, circa, ca, ~, roughly around, at around, at about, like
APPROX|: say around, more or less, or so, ish, or thereabouts, give or take
IF|: if, unless, depending, depending on, depends, depends on, provided, provided that, as long as, so long as
IF|: assuming, subject to, pending, contingent on, contingent upon, except when, except if, only if
IF|: weather permitting, but only if, only when, unless there is, on condition, conditional, whether, in case
IF|: except during, it depends, except while
WHY|: because, since i, as i, due to, cause, cuz, bc, b/c, as we, since we, since it's, since my
WHEN|: when, while, once, as soon as, during, around, near
SAME|: same, ditto, same time, same times, the same, likewise, same thing, same hours, same slot, same as above
SAME|: same here, the same time, the same times, at the same time, at the same times, same window, the same hours
SAME|: at same time
ORDINAL|1: first, 1st
ORDINAL|2: second, 2nd
ORDINAL|3: third, 3rd
ORDINAL|4: fourth, 4th
ORDINAL|5: fifth, 5th
ORDINAL|-1: last, final
TIMEZONEWORD|: time, timezone, time zone, tz, standard time, daylight time, times, daylight savings, zone
TIMEZONEWORD|: daylight saving time
AND|: and, &, plus, n, as well as, and also, and then, also, along with, +, additionally, and/or, + also
AND|: in addition to
OR|: or, and or, alternatively, or else, or on, or even, /
TO|: to, -, --, through, thru, till, til, until, ~, →, ->, =>, –, -->, up to, untill, up until, 'til, all the way to
BADNUM|: room, rm, ext, extension, apt, suite, ste, phone, cell, tel, floor, section, chapter, page, flight, bus
BADNUM|: route, box, building, bldg, zip, number, chem, bio, math, cs, econ, phys, psych, engl, hist, highway, hwy
BADNUM|: exit, gate, level, unit
BADNOUN|: night owl, morning person, early bird, night person, march madness, evening person, day job, night shift
BADNOUN|: second year, night shifts, day shift, evening class, evening classes, night class, night classes, sun room
BADNOUN|: sun shine, noon prayer, day care, sunday school, black friday, good friday, cyber monday
BADNOUN|: friday night lights, super tuesday, second job, second semester, first year, third year, fourth year
BADNOUN|: second motion, may second, marching band, summer, last year, night school, only one of them, one of them
BADNOUN|: one of these, one of those, just one, only one, not both, but not both, just one of them, either one
BADNOUN|: pick one, one or the other, only one of those, only one of these, just one of those, only one of the two
BADNOUN|: finals week, final exams, finals, spring break, winter break, fall break, spring, fall, reading week
BADNOUN|: exam week, see my calendar, see calendar, see my cal, check my calendar, see the calendar, per my calendar
BADNOUN|: look at my calendar, check calendar, refer to my calendar, see my calendly, check my calendly
PENDING|: tbd, tba, to be determined, to be decided, to be confirmed, tbc, time tbd, times tbd
DRAGTO|: into
VALIDWORD|: valid, good for, applies, applicable
FILL|: the, a, an, at, on, in, of, for, my, is, are, am, be, i, i'm, im, i'd, i'll, we, me, you, your, it, it's, its
FILL|: that, this, these, those, there, will, would, should, was, been, being, has, had, to, with, by, from, as, do
FILL|: does, did, just, only, hi, hello, hey, thanks, thank you, thank, thx, ty, cheers, please, pls, plz, sorry, dear
FILL|: regards, best regards, all the best, usually, generally, normally, typically, currently, also, too, either
FILL|: then, so, well, really, very, pretty, quite, super, mainly, primarily, basically, actually, time, times, slot
FILL|: slots, window, windows, hours, hour, schedule, availability, availabilities, meet, meeting time, meeting times
FILL|: meet up, to meet, make it, chat, talk, schedule is, my availability is, my availability, my schedule
FILL|: my schedule is, my calendar is, preferred time, specific, local time, my time, here's, here are, here is, below
FILL|: following, the following, as follows, see below, looks like, let me know, how about, what about, let's, lets
FILL|: us, hope, this helps, hope this helps, works, good, great, fine, for me, for you, say, e.g., i.e., namely
FILL|: e.g, i.e
FILL|: specifically, such as, including, includes, like, slots that work, i can meet, can meet, i would like to meet
FILL|: i would like, i'd like, would like, like to meet, love to, happy to, happy to meet, look forward
FILL|: looking forward to it, looking forward, let us, some time, sometime, somewhere, anywhere, right now, now
FILL|: at the moment, as usual, still, kind of, a bit, in general, in theory, in principle, overall, mind, day, days
FILL|: weekly slots, etc, that's it, that is, that's, i've, have, got, get, give, take, schedule a, a call, a meeting
FILL|: a session, a review, for a call, for a meeting, for a session, session, sessions, review, reviews
FILL|: resume review, mentoring, appt, to do, to be, to talk, to chat, to schedule, to connect, connect, for this
FILL|: participate, attend, join, take part, commit, everyone, team, y'all, folks, friend, sir, madam, okay so, ok so
FILL|: yes please, if that works, if that helps, if that works for you, if that's ok, if that's okay, if it helps
FILL|: if you like, if not, if you're free, though, respectively, inclusive, incl, o, est dispo, note, nb, ps, fyi
FILL|: btw, imo, tbh, in my time zone, my timezone, in my timezone, my time zone, time zone, timezone, tz, zone
FILL|: all times, times are, times in, all times in, all in, in case, based in, i live in, i'm based in, i am in
FILL|: i'm in, i'm on, living in, located in, i am based in, reachable, contact, starting, start, period, block
FILL|: blocks, chunk, range, ranges, whichever, sometime around, or so, hrs, long, long time, we can, can we, we could
FILL|: could we, shall we, want, need, needed, prefer, ready, at least, at most, max, no problem, np, no worries
FILL|: either end of the day, both ends of the day, either end of day, last minute, short notice, off and on
FILL|: my best times are, best times are, my mornings, my evenings, my afternoons, my days, will be, i will be, i am
FILL|: available times, preferred times, preferred days, days and times, days/times, day/time, dates, date, day(s)
FILL|: time(s), again, already, even, way, able to, thing, things, stuff, one, ones, part, parts, them, they, they're
FILL|: their, apologies, unfortunately, sadly, alas, afraid, i'm afraid, work's, wise, u, r, ur, lol, haha, :), bye
FILL|: xo, xx, xoxo, sincerely, for the review, for the resume review, for a resume review, for the session
FILL|: for a chat, for a quick call, for the call, to meet with, to speak, speak, for meetings, for sessions
FILL|: for reviews, for calls, meetings between, for mentoring, anyone, anybody, make, makes, made, making, see you
FILL|: see you then, talk soon, much, many, many thanks, much appreciated, thanks so much, thank you so much
FILL|: thanks a lot, in advance, thanks in advance, appreciate it, appreciated, good morning, good afternoon
FILL|: good evening, good day, greetings, howdy, hiya, to whom it may concern, hope you're well, hope you are well
"""

# Ordinary words within reach of the vocabulary: never "corrected" into it.
ORDINARY = """
mourning warning warnings money monkey fright frighten sundry sundae thirsty fiend friend friends wedding weddings
wednesbury weekly weekender never ever very even event events seven several evening's beforehand afterward noontide
mooning soon moon right light sight fight eight might tight lunches launch launched bunch punch brunch march match
mocha decent recent expect expects expert accept accepts excerpt except's exception because cause become belong
busty dusty rusty buoy buddy bust usual weeks weekdy unless useless until's through thorough though thought tough
trough starting staring stating starling sorting string standing morsel evensong anything anyone everyone everybody
something sometimes someone available's forever whatever however whenever wherever alter altar offer often after's
night's knight height weigh flexible's flexibly reflexive tomorrows borrow sorrow arrow toady toad body bay way say
today's satire saturate saturated saturation turkey monthly months january's junk judge august's gust angst march's
arch apron april's octet october's november's member members remember december's ember embers septic friary fried
frida priday meaning meanings mornings' earning earnings learning evicting moaning awning burning turning wide side
ride tide hide wait want went weed weds wedge wedges sweden wedded wedlock wedgwood sunny suns sunk sung sunset
sunrise sunlight mono monk month thud thug think thing thinks things
"""

# Only these are worth a guess: a wrong guess about anything else would invent meaning.
GUESSABLE = """
monday mondays tuesday tuesdays wednesday wednesdays thursday thursdays friday fridays saturday saturdays sunday
sundays january february april august september october november december weekday weekdays weekend weekends
weeknight weeknights morning mornings afternoon afternoons evening evenings night nights between before after until
except excluding every everyday anytime available unavailable tomorrow today tonight midnight midday other than week
weeks thanksgiving starting through daily lunch lunchtime business hours usually prefer preferably flexible whenever
eastern pacific central mountain noon onwards onward any
"""
