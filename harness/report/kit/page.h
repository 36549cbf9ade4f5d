/* A page shows a run, a comparison, a gate or a history: as NAME.html and NAME.md, and on the console.
 *
 * The caller fills a page; page_write() and page_print() need not know what it is about. Its texts can have parts of
 * files and command lines in them, hostile strings included: these functions escape them. */
#ifndef BENCH_REPORT_KIT_PAGE_H
#define BENCH_REPORT_KIT_PAGE_H

#include "base/why.h"
#include "report/kit/grid.h"
#include "report/kit/plots.h"
#include "report/kit/remarks.h"

enum text_style { STYLE_PLAIN, STYLE_CODE, STYLE_STRONG };

struct fact {
	const char *name; /* "Machine" */
	char *text;
	enum text_style style;
};

/* A part of a page; it is shown if its grid has rows and columns besides its keys, or if it has remarks. */
struct section {
	const char *name;  /* "times": letters only, for links */
	const char *title; /* "What each cell took" */
	const char *lead;  /* a sentence below the title; NULL: there is none */
	struct grid grid;
	struct remarks remarks;
};

struct page {
	const char *name;  /* of the files: "report" for report.html and report.md */
	char *subject;     /* "resize, hash" */
	const char *about; /* what the page says about the subject: "ways of running it in parallel" */
	char *conclusion;  /* each line is a sentence */
	struct fact *fact;
	size_t facts;
	struct plots plots;      /* pictures that lie in the page's folder; shown below the first section */
	struct section *section; /* in the order in which they are shown */
	size_t sections;
	struct fact *guide; /* terms that explain how to read the page; the help of the columns is added to them */
	size_t guides;
	size_t shown_openly; /* above 0: the Markdown is a comment to post elsewhere, without pictures, and only so many
				sections are not folded; 0: it is a document that lies beside its pictures */
	int error;           /* 0; -ENOMEM: a part could not be kept, and writing the page fails */
};

/* Begins a page without parts. The page owns `subject` from now on; NULL means that there was no memory for it. The
 * other texts must outlive the page. */
void page_init(struct page *page, const char *name, char *subject, const char *about);
void page_release(struct page *page);

/* Sets the conclusion. The page owns `text` from now on; NULL means that there was no memory for it. */
void page_conclude(struct page *page, char *text);

/* Adds a fact. The page owns `text` from now on; NULL or "" means that nothing is known, and nothing is shown. */
void page_fact(struct page *page, const char *name, enum text_style style, char *text);

/* Adds a section. The page owns its grid and remarks from now on. */
void page_section(struct page *page, struct section section);

/* Adds a term and its meaning to the guide. Both must be the program's own text: Markdown gets them unescaped. */
void page_guide(struct page *page, const char *term, const char *format, ...) __attribute__((format(printf, 3, 4)));

bool section_shown(const struct section *section);

/* Writes folder/NAME.md and folder/NAME.html in place of earlier ones; the HTML needs no other file. Returns 0 or
 * -errno with `why`. */
int page_write(const struct page *page, const char *folder, const struct why *why);

/* Draws the pictures of `data` (NULL: there are none), then does page_write(); holds interrupts() meanwhile, so that
 * page and pictures are of one result. Returns 0, -errno with `why`, or 1: the page is there, but pictures could not be
 * drawn, as `why` says. If there is no gnuplot, `why` says so, but that is no error. */
int page_publish(struct page *page, const struct plot_data *data, const char *folder, const struct why *why);

/* The two halves of page_write(). `template` is the content of plots/page.html. html_write() returns 0 or -errno:
 * -EINVAL for an unknown placeholder, or what opening a picture returned. */
void markdown_write(FILE *out, const struct page *page);
int html_write(FILE *out, const struct page *page, const char *folder, const char *template);

#endif
