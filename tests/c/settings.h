/* What the tests that call a server share: the key that the stand-in takes, and how they point the library at it. */
#ifndef SETTINGS_H
#define SETTINGS_H

/* Obviously false, and the only one that the stand-in takes. */
#define TEST_KEY "test-key-not-real"

/*
 * Makes the endpoint in this variable of the environment the default one, with the certificates of the file in the
 * other variable, or the built-in ones for NULL.
 */
void test_endpoint(const char *endpoint_variable, const char *ca_file_variable);

#endif /* SETTINGS_H */
