#include "report/kit/page.h"

#include "base/file.h"
#include "base/interrupts.h"
#include "base/root.h"
#include "base/text.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define TEMPLATE "plots/page.html"

void page_init(struct page *page, const char *name, char *subject, const char *about)
{
	*page = (struct page){ .name = name, .subject = subject, .about = about, .error = subject ? 0 : -ENOMEM };
}

static void facts_release(struct fact *fact, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(fact[i].text);
	free(fact);
}

static void section_release(struct section *section)
{
	grid_release(&section->grid);
	remarks_release(&section->remarks);
}

void page_release(struct page *page)
{
	for (size_t i = 0; i < page->sections; i++)
		section_release(&page->section[i]);
	facts_release(page->fact, page->facts);
	facts_release(page->guide, page->guides);
	free(page->section);
	free(page->subject);
	free(page->conclusion);
	*page = (struct page){ 0 };
}

void page_conclude(struct page *page, char *text)
{
	page->conclusion = text;
	if (!text)
		page->error = -ENOMEM;
}

static void append_fact(struct page *page, struct fact **list, size_t *count, struct fact fact)
{
	struct fact *grown = reallocarray(*list, *count + 1, sizeof(*grown));

	if (!grown) {
		free(fact.text);
		page->error = -ENOMEM;
		return;
	}
	*list = grown;
	grown[(*count)++] = fact;
}

void page_fact(struct page *page, const char *name, enum text_style style, char *text)
{
	if (text && text[0])
		append_fact(page, &page->fact, &page->facts, (struct fact){ name, text, style });
	else
		free(text);
}

void page_guide(struct page *page, const char *term, const char *format, ...)
{
	va_list arguments;
	char *text;

	va_start(arguments, format);
	text = text_vformat(format, arguments);
	va_end(arguments);
	if (text)
		append_fact(page, &page->guide, &page->guides, (struct fact){ term, text, STYLE_PLAIN });
	else
		page->error = -ENOMEM;
}

void page_section(struct page *page, struct section section)
{
	struct section *grown = reallocarray(page->section, page->sections + 1, sizeof(*grown));

	if (!grown) {
		section_release(&section);
		page->error = -ENOMEM;
		return;
	}
	page->section = grown;
	grown[page->sections++] = section;
}

bool section_shown(const struct section *section)
{
	return grid_shown(&section->grid) || section->remarks.count;
}

static int write_html(FILE *out, const struct page *page, const char *folder)
{
	char root[PATH_MAX], *template = file_text(project_root(root), TEMPLATE);
	int err = template ? html_write(out, page, folder, template) : -errno;

	free(template);
	return err;
}

static int write_markdown(FILE *out, const struct page *page, const char *folder)
{
	(void)folder;
	markdown_write(out, page);
	return 0;
}

static void fill(struct writer *writer, const void *text)
{
	writer_text(writer, text);
}

/* Makes the text before it opens the file, to tell errors of the text from errors of the file. */
static int write_as(const struct page *page, const char *folder, const char *suffix,
		    int (*write)(FILE *out, const struct page *page, const char *folder), const struct why *why)
{
	char *text = NULL, name[64];
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	int err = page->error ? page->error : out ? write(out, page, folder) : -ENOMEM;

	snprintf(name, sizeof(name), "%s.%s", page->name, suffix);
	if (out && fclose(out) != 0 && !err)
		err = -ENOMEM;
	if (err)
		why_say(why, "cannot make '%s': %s", name, strerror(-err));
	else
		err = file_put(folder, name, fill, text, false, why);
	free(text);
	return err;
}

int page_write(const struct page *page, const char *folder, const struct why *why)
{
	int err = write_as(page, folder, "md", write_markdown, why);

	return err ? err : write_as(page, folder, "html", write_html, why);
}

int page_publish(struct page *page, const struct plot_data *data, const char *folder, const struct why *why)
{
	sigset_t before;
	int drawn, err;

	interrupts_hold(&before);
	drawn = data ? plots_draw(&page->plots, data, folder, why) : 0;
	err = page_write(page, folder, why);
	interrupts_let(-1, &before);
	if (!err && drawn && drawn != -ENOPKG)
		why_add(why, " (all else is there)");
	return err ? err : drawn && drawn != -ENOPKG ? 1 : 0;
}
