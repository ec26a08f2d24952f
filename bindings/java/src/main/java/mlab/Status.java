// Written by `cargo run -p mlab-bindings` from include/mlab.h: do not edit.
package mlab;

/** mlab_statuses of mlab.h. */
public enum Status {
    /** Done: the result holds the image URLs. */
    OK(0),
    /** The job is not ready yet: poll again after the eta, or in 2 seconds. */
    PROCESSING(1),
    /** Nothing to pull now: no event came in time, or the wait was woken. */
    NO_EVENT(2),
    /** An argument is wrong and nothing was sent: the message names it. */
    INVALID_ARGUMENT(-1),
    /** Stopped by your own cancel: the job goes on at the server and can be fetched later. */
    CANCELLED(-2),
    /** The wait reached its deadline: the job may still finish, wait again with the same id. */
    DEADLINE(-3),
    /** As much as is allowed is already under way: take finished work first, then try again. */
    BUSY(-4),
    /** The client was shut down: make a new one. */
    CLOSED(-5),
    /** The client belongs to the parent process: make a new one after fork. */
    FORKED(-6),
    /** The system gave no thread, descriptor or memory: free some, then try again. */
    NO_RESOURCES(-7),
    /** A defect in this library: please report it with the message. */
    INTERNAL(-8),
    /** The host name could not be looked up: check the network and the endpoint, then try again. */
    RESOLVE(-20),
    /** No connection to the server: check network and firewall, then try again. */
    CONNECT(-21),
    /** The server could not prove who it is: check the clock, the CA settings and for an intercepting proxy. */
    TLS(-22),
    /** The server did not answer in time: try again, or raise the timeout. */
    TIMEOUT(-23),
    /** The connection broke: try again. */
    NETWORK(-24),
    /** The server points elsewhere and the key was not sent there: correct the endpoint. */
    REDIRECT(-25),
    /** The reply could not be understood: if it lasts, check the endpoint and any proxy between. */
    PROTOCOL(-26),
    /** The reply is larger than the limit: raise the body limit if this size is expected. */
    TOO_LARGE(-27),
    /** The proxy could not be used: check its address and password, or set none. */
    PROXY(-28),
    /** The server refused the API key: check it. */
    AUTH(-40),
    /** The account has no credit or no plan for this: top it up. */
    PAYMENT(-41),
    /** The key may not do this: check the account's rights and the endpoint. */
    FORBIDDEN(-42),
    /** The server does not know this id: check it; a job just made may need some seconds. */
    NOT_FOUND(-43),
    /** Too many requests: wait as long as the result's retry-after says, else 30 seconds. */
    RATE_LIMITED(-44),
    /** The server refused the request as malformed: the message says why; check endpoint and id. */
    BAD_REQUEST(-45),
    /** Trouble at the server: try again later. */
    SERVER(-46),
    /** The job itself failed at the server: make a new one. */
    JOB_FAILED(-47),
    /** The server refused for a reason of its own: see the message. */
    API(-48),
    /** A file could not be read or written: the message has the path and the reason. */
    FILE(-60),
    /** An image URL leads where no image should be fetched from: nothing was sent. */
    UNSAFE_URL(-61),
    /** What arrived is no whole image: try again, or make the job again. */
    BAD_IMAGE(-62),
    /** One that this version does not know. */
    UNKNOWN(Integer.MIN_VALUE);

    private static final Status[] ALL = values();

    private final int number;

    Status(int number) {
        this.number = number;
    }

    /** The number that C has for it. */
    public int number() {
        return number;
    }

    static Status of(int number) {
        for (Status one : ALL) {
            if (one.number == number) {
                return one;
            }
        }
        return UNKNOWN;
    }
}
