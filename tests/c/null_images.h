/* See null.c, whose table has these. */
#ifndef NULL_IMAGES_H
#define NULL_IMAGES_H

void null_client_download(void);
void null_image_settings(void);
void null_request_new_download(void);
void null_image(void);

#endif /* NULL_IMAGES_H */
