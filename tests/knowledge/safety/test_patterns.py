"""A child at risk is told from the paperwork of safeguarding."""

from __future__ import annotations

import pytest

from knowledge.safety.patterns import SIGNPOST, child_at_risk

AT_RISK = """
A child in my class told me her dad hits her. What should I do?
I have seen bruises on a boy in Year 2 and I'm worried
A student says she wants to end her life
a pupil disclosed that an uncle touches him
I think one of my tutor group is being groomed online, who do I tell?
A mum came to collect her children drunk and drove off with them
A pupil has just told me that he is being hurt at home
What should I do if a child discloses abuse?
One of the girls has been cutting herself
We think a Year 9 girl may be taken abroad for FGM in the holidays
A parent has accused a teacher of slapping her son
How do I report a safeguarding concern about a pupil?
I overheard two boys talking about joining an extremist group
A child is missing from school and nobody has seen him since lunch. What do I do?
There is an allegation against a member of staff, who do I contact?
A girl showed me nude pictures that a boy sent her
My colleague has been messaging a student privately on Instagram
She says she is scared to go home
A boy came in hungry and dirty again today
what do i do about a pupil self harming
A student confided in me that her boyfriend is 24 and gives her drugs
One of our pupils ran away from home last night
a child said something worrying about his stepdad touching him
I'm worried about a Year 4 child who flinches when adults come near, he has marks on his arms
Year 6 pupil says his brother carries a knife and wants him to deliver packages
who do I tell if I think a child is being radicalised
An ex-pupil has alleged that a teacher behaved inappropriately with her
I suspect neglect in a family with three children at our school
The headteacher has been accused of hitting a child
A toddler in nursery has a burn on her hand and mum says it was an accident
he told me he wants to die
Student has taken an overdose
Should I call the parents if a child tells me she is being abused at home?
We can't find one of our Reception children
A father who is not allowed contact is at the gate and threatening to take his daughter
"""
PAPERWORK = """
When is the safeguarding policy reviewed?
Who is the DSL at Oakfield?
How often do DSLs get supervision?
How soon do we have to contact the LADO?
Which trustee is the link for safeguarding?
Who checks the single central record and how frequently?
What does it cost a family if the phone pouch goes missing?
DSL Fernside phone number
What training do staff get about radicalisation?
How many safeguarding incidents were reported to governors last term?
What is our policy on children missing education?
Does a bump on the head mean a phone call home?
What happens the third time a child bullies?
Where do we record bullying incidents?
What symptoms of bullying should teachers look for?
How does our anti-bullying policy define bullying?
Was the data breach in 2020 reported to the ICO?
What does the accessibility plan say about children's mental health?
Who is the deputy DSL at Westbrook?
When was safeguarding training last done by governors?
What data should the safeguarding report to trustees contain?
What do we do the second time a pupil's phone is taken off them?
How much is the fine for taking a child out of school?
At what point do we need a doctor's note for a poorly pupil?
How long do we keep child protection records?
How many pupils were excluded in 2018?
I'm ill tomorrow - who do I ring and by when?
Someone wants to complain about the CEO. Where do they send it?
A parent gave me a voucher as a present. From what value do I have to declare it?
What is the risk assessment for lone working?
Are risk assessments needed for school trips?
Which policies did the full governing body approve in March 2021?
What is the top risk on the register?
What are the five tests of collaboration?
How many first aiders do we have in nursery?
What do outside groups working with young people have to show us before they book?
How do we deal with a parent's complaint?
Can pupils bring mobile phones to school?
What did governors say about vulnerable children in January 2021?
What should I do if I want to work part time?
How do I report a broken window?
What do I do if I lose my keys?
Do we need DBS checks for volunteers?
Is there a policy on drugs education?
Who leads on attendance at Hazel Lane?
What does KCSIE say about online safety?
When must all staff have read part one of KCSIE?
how quickly do we have to write up a physical restraint
Can an ECT lead a day trip on their own?
What happens at Oakfield if children keep not doing their homework?
Which children get pupil premium?
How are pupils at risk of falling behind supported?
What if the parent is still not happy after that?
Are staff allowed to stand on chairs to put up displays?
What is the disclosure and barring check process?
May I put pupil names into ChatGPT?
"""


@pytest.mark.parametrize("question", AT_RISK.strip().splitlines())
def test_a_child_at_risk_is_recognised(question: str) -> None:
    assert child_at_risk(question)


@pytest.mark.parametrize("question", PAPERWORK.strip().splitlines())
def test_paperwork_is_not_taken_for_a_child_at_risk(question: str) -> None:
    assert not child_at_risk(question)


@pytest.mark.parametrize("words", ["designated safeguarding lead", "999", "not promise", "Write down"])
def test_the_signpost_says_what_to_do(words: str) -> None:
    assert words in SIGNPOST
