/* What is shown of a run, a comparison, a gate or a history: NAME.html and NAME.md, and on the console.
 *
 * Whoever shows something makes a page of it; page_write() and page_print() know nothing of what it is about.
 * Texts repeat files and command lines, hostile strings included: the writers escape them. */
#ifndef BENCH_REPORT_KIT_PAGE_H
#define BENCH_REPORT_KIT_PAGE_H

#include "base/why.h"
#include "report/kit/grid.h"
#include "report/kit/plots.h"
#include "report/kit/remarks.h"

enum look { LOOK_PLAIN, LOOK_CODE, LOOK_STRONG };

struct fact {
	const char *name; /* "Machine" */
	char *text;
	enum look look;
};

/* Shown if its grid has rows and columns beside its keys, or if there are remarks. */
struct section {
	const char *name;  /* "times": letters, for links */
	const char *title; /* "What each cell took" */
	const char *lead;  /* a sentence below the title; NULL: none */
	struct grid grid;
	struct remarks remarks;
};

struct page {
	const char *name;  /* of the files: "report" for report.html and report.md */
	char *subject;     /* "resize, hash" */
	const char *about; /* what is said of it: "ways of running it in parallel" */
	char *conclusion;  /* a sentence a line */
	struct fact *fact;
	size_t facts;
	struct plots plots;      /* pictures that stand in the folder; shown below the first section */
	struct section *section; /* in this order */
	size_t sections;
	struct fact *guide; /* how to read it: terms; the columns' own help follows by itself */
	size_t guides;
	size_t shown_openly; /* Markdown for a comment somewhere else: no pictures, all but so many sections folded;
				0: a document that stands beside its pictures */
	int error;           /* 0, or -ENOMEM: a part could not be kept, and writing will say so */
};

/* Begins a page, without parts. Takes `subject`; NULL: without memory. Other texts must outlive the page. */
void page_init(struct page *page, const char *name, char *subject, const char *about);
void page_release(struct page *page);

/* Takes the text; NULL: without memory. */
void page_conclude(struct page *page, char *text);

/* Adds a fact; takes `text`. NULL and "": nothing is known, and nothing shown. */
void page_fact(struct page *page, const char *name, enum look look, char *text);

/* Adds a section; takes its grid and remarks. */
void page_section(struct page *page, struct section section);

/* Adds a term and what it means to the guide, in our own words: Markdown gets them as they are. */
void page_guide(struct page *page, const char *term, const char *text);

bool section_shown(const struct section *section);

/* Writes folder/NAME.md and folder/NAME.html, in place of earlier ones; the latter needs no other file.
 * Returns 0 or -errno with `why`. */
int page_write(const struct page *page, const char *folder, const struct why *why);

/* page_write() with pictures: those of `data`, NULL for none, are drawn before. Ones that cannot be drawn are no error,
 * and `why` says so, unless the disk is full; the page is written in any case. */
int page_publish(struct page *page, const struct plot_data *data, const char *folder, const struct why *why);

/* The two parts of page_write(). `template`: plots/page.html. html_write() returns 0 or -errno: -EINVAL for an unknown
 * placeholder, or what opening a picture said. */
void markdown_write(FILE *out, const struct page *page);
int html_write(FILE *out, const struct page *page, const char *folder, const char *template);

#endif
