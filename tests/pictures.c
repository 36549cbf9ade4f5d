/* Writes the pictures of tests/pictures.h as files NAME.jpg: `pictures FOLDER`. */
#include "tests/pictures.h"

#include <limits.h>

int main(int argc, char **argv)
{
	for (size_t i = 0; argc == 2 && i < PICTURES; i++) {
		uint8_t jpeg[PICTURE_MOST];
		size_t size = picture_bake(&picture_recipes[i], jpeg);
		char path[PATH_MAX];
		FILE *file;

		snprintf(path, sizeof(path), "%s/%s.jpg", argv[1], picture_recipes[i].name);
		file = fopen(path, "wb");
		if (!file || fwrite(jpeg, 1, size, file) != size || fclose(file))
			return 1;
	}
	return argc != 2;
}
