/* What the tests that call a server share: the key that the stand-in takes, a job of it, and how to point at it. */
#ifndef SETTINGS_H
#define SETTINGS_H

/* Obviously false, and the only one that the stand-in takes. */
#define TEST_KEY "test-key-not-real"

/* A job that the stand-in has ready, and its reply. */
#define READY_ID "12202888"
#define READY_REPLY "{\"status\":\"success\",\"id\":42,\"output\":[\"https://a.example/0\",\"https://a.example/1\"]}"

/*
 * Makes the endpoint in this variable of the environment the default one, with the certificates of the file in the
 * other variable, or the built-in ones for NULL.
 */
void test_endpoint(const char *endpoint_variable, const char *ca_file_variable);

#endif /* SETTINGS_H */
