/* A folder in MLAB_TEST_FOLDER that no other process uses, for files of which nobody knows how many there will be. */
#ifndef OWN_FOLDER_H
#define OWN_FOLDER_H

#include <dirent.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
    char path[1024];
} own_folder;

/* Makes it, in `parent`. */
static inline own_folder own_folder_new(const char *parent, const char *name)
{
    own_folder folder;
    snprintf(folder.path, sizeof folder.path, "%s/%s-%ld", parent, name, (long)getpid());
    mkdir(folder.path, 0700);
    return folder;
}

/* Removes it and the files in it. */
static inline void own_folder_remove(const own_folder *folder)
{
    DIR *listing = opendir(folder->path);
    const struct dirent *entry;
    while (listing != NULL && (entry = readdir(listing)) != NULL) {
        char path[sizeof folder->path + sizeof entry->d_name + 1];
        snprintf(path, sizeof path, "%s/%s", folder->path, entry->d_name);
        /* Not "." and "..". */
        unlink(path);
    }
    if (listing != NULL)
        closedir(listing);
    rmdir(folder->path);
}

#endif /* OWN_FOLDER_H */
