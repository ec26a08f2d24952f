/* One pixel, as PNG. */
#ifndef PIXEL_H
#define PIXEL_H

#define TEST_PNG                                                                                                   \
    "\x89\x50\x4e\x47\x0d\x0a\x1a\x0a\x00\x00\x00\x0d\x49\x48\x44\x52\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00" \
    "\x00\x00\x1f\x15\xc4\x89\x00\x00\x00\x0d\x49\x44\x41\x54\x78\xda\x63\x64\x60\xf8\x5f\x0f\x00\x02\x87\x01\x80" \
    "\xeb\x47\xba\x92\x00\x00\x00\x00\x49\x45\x4e\x44\xae\x42\x60\x82"
#define TEST_PNG_BYTES (sizeof TEST_PNG - 1)

/* A URL that holds it, for which nothing is sent. */
#define TEST_PIXEL                                                                                                 \
    "data:image/png;base64,"                                                                                       \
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="

#endif /* PIXEL_H */
