// Package form is the room of forms and of what people answer. It decides what a form may ask, when it is whole enough to be
// published, which blocks an answer is asked for, and what each answer must be; every refusal names its block and says how to mend it.
//
// Words: a block is one thing of a form, in reading order: a question, a heading or an explanation; a condition says which earlier
// answer shows a block; a purpose is why a personal answer is asked for, a retention how long it is kept; a version is the form as it
// was published, which answers keep referring to.
//
// Sources: articles 5 and 13 of Regulation (EU) 2016/679 (purpose, minimisation, storage limitation, what people are told); RGAA
// 4.1.2, theme 11 (forms).
package form
