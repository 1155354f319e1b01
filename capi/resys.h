/* resys.h: the C interface of resys, a commerce library (carts, stock, payments, orders).
 *
 * A host opens a shop and calls its operations by name: documents (JSON objects) go in, documents
 * come out. resys_describe() lists the operations with their fields. Needs C99.
 *
 * Conventions
 *
 * (1) Text is UTF-8: a pointer and a size in bytes. RESYS_TEXT("...") makes one of a literal, size
 *     RESYS_ZERO_TERMINATED stands for strlen(). What resys returns also ends with a zero byte that
 *     the size does not count.
 *
 * (2) A function that can fail returns RESYS_OK or the code of the error; if `error` is not NULL,
 *     *error is the whole error, to be freed, or NULL on success. Results are set on success only.
 *
 * (3) A handle is freed by the function named after it, which accepts NULL. Text that a handle
 *     returns lives as long as the handle.
 *
 * (4) A struct that the host fills begins with its own size, `struct_size = sizeof it`, and has
 *     zero wherever the host does not care: that is how it can grow.
 *
 * (5) Wrong arguments are errors (RESYS_INVALID_REQUEST), never a crash: NULL, sizes, text that is
 *     no UTF-8, JSON that is none. Freed handles are the exception, as with free().
 *
 * (6) Any function may be called from any thread, with the same shop at the same time. A handle
 *     other than the shop belongs to one thread at a time.
 *
 * (7) Callbacks run on threads that call resys, or that the host has asked for, with no lock and no
 *     transaction held, and may call resys. Clock, log and progress are the exception: they may be
 *     called at any time and must not call resys. A callback must not throw or jump out.
 *
 * (8) A callback that has an answer is given a resys_reply, to be copied and completed once, now or
 *     later, from any thread, while the shop is open. The calling thread waits until then, at most
 *     `reply_timeout_ms`, and no longer than the request's `timeoutMs` if it has one. After that,
 *     and when it was completed before, completing it does nothing.
 *
 * (9) A callback's own failure comes back untouched from the resys function that led to it:
 *     resys_error_host_data() is the pointer that was given to resys_reply_fail().
 *
 * The ABI is stable: functions are never removed or changed within a major version; structs only
 * grow at their end; codes and constants keep their numbers. */
#ifndef RESYS_H
#define RESYS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(_WIN32)
#define RESYS_API
#else
#define RESYS_API __attribute__((visibility("default")))
#endif

#define RESYS_VERSION_MAJOR 0
#define RESYS_VERSION_MINOR 1
#define RESYS_VERSION_PATCH 0

/* ---- text */

typedef struct resys_text {
  const char* data; /* may be NULL if size is 0 */
  size_t size;
} resys_text;

#define RESYS_ZERO_TERMINATED ((size_t)-1)
#define RESYS_TEXT(literal) \
  { (literal), sizeof(literal) - 1 }

/* ---- errors */

/* The codes; resys_error_name() is their name on the wire ("insufficient_stock"). */
typedef int32_t resys_status;
enum {
  RESYS_OK = 0,
  RESYS_INVALID_REQUEST = 1,
  RESYS_INVALID_SIGNATURE = 2,
  RESYS_UNAUTHENTICATED = 3,
  RESYS_PAYMENT_DECLINED = 4,
  RESYS_FORBIDDEN = 5,
  RESYS_NOT_FOUND = 6,
  RESYS_INVALID_STATE = 7,
  RESYS_INSUFFICIENT_STOCK = 8,
  RESYS_PRICE_CHANGED = 9,
  RESYS_IDEMPOTENCY_MISMATCH = 10,
  RESYS_CONFLICT = 11,
  RESYS_TOO_LARGE = 12,
  RESYS_COUPON_INVALID = 13,
  RESYS_UNSUPPORTED_CURRENCY = 14,
  RESYS_BUSY = 15,
  RESYS_PROCESSOR_UNAVAILABLE = 16,
  RESYS_OUTCOME_UNKNOWN = 17,
  RESYS_STORAGE = 18,
  RESYS_INTERNAL = 19
};

typedef struct resys_error resys_error;
typedef struct resys_document resys_document;
typedef struct resys_shop resys_shop;
typedef struct resys_worker resys_worker;
typedef struct resys_http_response resys_http_response;

/* What a client should do: give up, repeat the same request, or reload and decide again. */
enum { RESYS_RETRY_NEVER = 0, RESYS_RETRY_SAME = 1, RESYS_RETRY_RELOAD = 2 };

/* Each accepts NULL: RESYS_OK, empty texts, RESYS_RETRY_NEVER. */
RESYS_API resys_status resys_error_code(const resys_error* error);
RESYS_API resys_text resys_error_name(const resys_error* error);
RESYS_API resys_text resys_error_message(const resys_error* error);
/* The field of the request at fault ("lineItems[2].sku"), or empty. */
RESYS_API resys_text resys_error_field(const resys_error* error);
/* The facts, a JSON object: {"requested":3,"available":1,"lines":[...]}. */
RESYS_API resys_text resys_error_details(const resys_error* error);
RESYS_API int32_t resys_error_retry(const resys_error* error);
RESYS_API int32_t resys_error_http_status(const resys_error* error);
/* What a callback gave to resys_reply_fail(), if it is its failure; else NULL. */
RESYS_API void* resys_error_host_data(const resys_error* error);
RESYS_API void resys_error_free(resys_error* error);

/* ---- documents */

/* What stands at a JSON pointer (RFC 6901): "" is the whole, "/lineItems/0/sku" a part. */
enum {
  RESYS_KIND_ABSENT = 0,
  RESYS_KIND_NULL = 1,
  RESYS_KIND_BOOLEAN = 2,
  RESYS_KIND_INTEGER = 3,
  RESYS_KIND_NUMBER = 4,
  RESYS_KIND_TEXT = 5,
  RESYS_KIND_LIST = 6,
  RESYS_KIND_OBJECT = 7
};

/* Parses JSON of at most 1 MiB, for hosts without a JSON library of their own. */
RESYS_API resys_status resys_document_parse(resys_text json, resys_document** document,
                                            resys_error** error);
/* The whole as JSON. */
RESYS_API resys_text resys_document_json(const resys_document* document);
RESYS_API int32_t resys_document_kind(const resys_document* document, const char* pointer);
/* The number of items of a list or object; 0 for anything else. */
RESYS_API size_t resys_document_count(const resys_document* document, const char* pointer);
/* Of another kind or absent: empty, 0. */
RESYS_API resys_text resys_document_text(const resys_document* document, const char* pointer);
RESYS_API int64_t resys_document_integer(const resys_document* document, const char* pointer);
RESYS_API int32_t resys_document_boolean(const resys_document* document, const char* pointer);
RESYS_API void resys_document_free(resys_document* document);

/* ---- ports: what a host supplies */

/* Where the answer of a callback goes: a value, to be copied. */
typedef struct resys_reply {
  void* shop;
  uint64_t number;
} resys_reply;

/* Completes a reply with the answer's JSON, which is copied. */
RESYS_API void resys_reply_complete(resys_reply reply, resys_text json);
/* Completes it with a failure. `host_data` comes back by resys_error_host_data() if the failure
 * reaches a caller. */
RESYS_API void resys_reply_fail(resys_reply reply, resys_status code, resys_text message,
                                void* host_data);

/* A call of a port: `call` names it, `request` is its document, valid until the callback returns.
 */
typedef void (*resys_port_call)(void* payload, resys_text call, const resys_document* request,
                                resys_reply reply);

/* A payment processor. Calls: createPayment, capture, cancel, fetch (answer: PaymentSnapshot),
 * refund (RefundSnapshot), parseWebhook (WebhookEvent); see resys_describe(). Their failures:
 * RESYS_PAYMENT_DECLINED, _INVALID_REQUEST, _INVALID_STATE, _UNSUPPORTED_CURRENCY: not done, do not
 * repeat; _PROCESSOR_UNAVAILABLE: not done, may be repeated; _OUTCOME_UNKNOWN (and a reply that
 * never came): repeated with the same idempotencyKey until it is known. */
typedef struct resys_processor {
  size_t struct_size;
  void* payload;
  void (*destroy)(void* payload); /* once, when nothing is called any more; may be NULL */
  resys_port_call call;
  /* {"name":"bank","configFields":[{"name":"apiKey","secret":true,"required":true}],
   *  "currencies":["EUR"],"leastCents":1,"mostCents":100000,"offline":false,
   *  "hasWebhooks":false}; only the name is needed. */
  resys_text description;
} resys_processor;

/* Call: sendMail, with a Mail; any object is success. RESYS_INVALID_REQUEST: given up; any other
 * failure: sent again later. */
typedef struct resys_mailer {
  size_t struct_size;
  void* payload;
  void (*destroy)(void* payload);
  resys_port_call call;
} resys_mailer;

/* Call: calculateTaxes, with a CalculateTaxes; returns a CalculatedTaxes. After any failure, and
 * without an answer within the request's timeoutMs, the store's setting `fallback` says what
 * happens. */
typedef struct resys_tax_calculator {
  size_t struct_size;
  void* payload;
  void (*destroy)(void* payload);
  resys_port_call call;
} resys_tax_calculator;

/* Call: checkTaxId, with {"taxId"}; returns {"registered"}. Any failure: it cannot say. */
typedef struct resys_tax_id_registry {
  size_t struct_size;
  void* payload;
  void (*destroy)(void* payload);
  resys_port_call call;
} resys_tax_id_registry;

/* Call: send, with {"method","url","headers","body","timeoutMs"}; returns {"status","headers",
 * "body"}. Failures: RESYS_PROCESSOR_UNAVAILABLE if nothing can have reached the server, else
 * RESYS_OUTCOME_UNKNOWN. */
typedef struct resys_http_transport {
  size_t struct_size;
  void* payload;
  void (*destroy)(void* payload);
  resys_port_call call;
} resys_http_transport;

/* Call: handle, with {"store","event"}; any object is success. At least once per event, in sequence
 * per order; a failure is repeated with back-off. */
typedef struct resys_event_handler {
  size_t struct_size;
  void* payload;
  void (*destroy)(void* payload);
  resys_port_call call;
  /* {"name":"warehouse","types":["OrderCompleted"]}; without types it is told all. The name is
   * stored with each delivery: keep it stable. */
  resys_text description;
} resys_event_handler;

/* Microseconds since 1970 in UTC. Any thread, any time. */
typedef struct resys_clock {
  size_t struct_size;
  void* payload;
  void (*destroy)(void* payload);
  int64_t (*now)(void* payload);
} resys_clock;

enum { RESYS_LOG_DEBUG = 0, RESYS_LOG_INFO = 1, RESYS_LOG_WARNING = 2, RESYS_LOG_ERROR = 3 };

/* One line a call. Any thread, any time. */
typedef struct resys_log {
  size_t struct_size;
  void* payload;
  void (*destroy)(void* payload);
  void (*write)(void* payload, int32_t level, resys_text message);
} resys_log;

/* ---- the shop */

typedef struct resys_secret_key {
  resys_text id;
  resys_text key; /* 32 bytes */
} resys_secret_key;

typedef struct resys_options {
  size_t struct_size;
  resys_text database; /* "sqlite:shop.db", "sqlite::memory:" */
  /* What encrypts payment settings; secret_key_id: which for new ones; empty: the only one. */
  const resys_secret_key* secret_keys;
  size_t secret_key_count;
  resys_text secret_key_id;
  /* The built-in ones, with blanks between: "stripe manual test". Empty: Stripe and manual, or none
   * beside host_processors. */
  resys_text processors;
  resys_text stripe_api_base; /* empty: Stripe's */
  resys_text smtp_url;        /* smtp://[user:password@]host:port; empty: no mail, or `mailer` */
  resys_text smtp_from;       /* "Shop <shop@example.com>" */
  int64_t reply_timeout_ms;   /* how long a callback's answer is awaited; 0: 30,000 */
  const resys_processor* host_processors;
  size_t host_processor_count;
  const resys_event_handler* event_handlers;
  size_t event_handler_count;
  const resys_mailer* mailer;       /* NULL: smtp_url's, or none */
  const resys_http_transport* http; /* NULL: libcurl's */
  const resys_clock* clock;         /* NULL: the system's */
  const resys_log* log;             /* NULL: lines on stderr */
  /* Not 0: opens the shop also where a key that encrypts something is missing or wrong: to copy or
   * check the database, or, where a key is lost, to set anew what it has encrypted. */
  int32_t allow_missing_keys;
  const resys_tax_calculator* tax_calculator;   /* NULL: none */
  const resys_tax_id_registry* tax_id_registry; /* NULL: none */
} resys_options;

/* Opens the database, migrates it, checks the options; RESYS_INVALID_REQUEST at "secretKeys" with
 * {"keyId","paymentMethods","clientSecrets"} if one of the keys is missing or wrong. The structs
 * are copied. Each `destroy` is called once, when the shop is closed; if opening fails, not at all.
 */
RESYS_API resys_status resys_shop_open(const resys_options* options, resys_shop** shop,
                                       resys_error** error);
/* No call of the shop may be under way and no worker run. */
RESYS_API void resys_shop_close(resys_shop* shop);

enum { RESYS_SHOPPER = 0, RESYS_STAFF = 1, RESYS_PROCESSOR = 2 };

/* Who is calling: the host authenticates, the library authorizes by it. */
typedef struct resys_caller {
  size_t struct_size;
  resys_text store;      /* the tenant; data NULL: "default"; an empty text is refused */
  resys_text user_id;    /* of a signed-in user; at most 200 bytes */
  resys_text session_id; /* of a guest's session; at most 200 bytes */
  int32_t audience;      /* RESYS_SHOPPER, RESYS_STAFF */
  resys_text idempotency_key;
  const resys_text* groups; /* the customer groups that a shopper is in; at most 20 */
  size_t group_count;
} resys_caller;

/* Calls an operation by its name ("cart.addItem") with a JSON object; empty text is {}. */
RESYS_API resys_status resys_call(resys_shop* shop, const resys_caller* caller,
                                  resys_text operation, resys_text request, resys_document** answer,
                                  resys_error** error);

typedef struct resys_header {
  resys_text name;
  resys_text value;
} resys_header;

typedef struct resys_http_request {
  size_t struct_size;
  resys_text method; /* "GET" */
  resys_text target; /* path and query as sent */
  const resys_header* headers;
  size_t header_count;
  resys_text body; /* the raw bytes */
} resys_http_request;

/* Every endpoint, ready-made. The shop's own errors are HTTP responses, too: the call itself fails
 * only if its arguments are wrong. */
RESYS_API resys_status resys_handle(resys_shop* shop, const resys_caller* caller,
                                    const resys_http_request* request,
                                    resys_http_response** response, resys_error** error);
/* Whether a path is one of the library's ("/api/..."). */
RESYS_API int32_t resys_handles(resys_text target);
RESYS_API int32_t resys_http_response_status(const resys_http_response* response);
RESYS_API resys_text resys_http_response_body(const resys_http_response* response);
RESYS_API size_t resys_http_response_header_count(const resys_http_response* response);
RESYS_API resys_header resys_http_response_header(const resys_http_response* response,
                                                  size_t index);
RESYS_API void resys_http_response_free(resys_http_response* response);

/* Does what the clock has made due, at most `limit` pieces. *more: something is still due. `done`
 * and `more` may be NULL. */
RESYS_API resys_status resys_run_due_work(resys_shop* shop, int64_t limit, int64_t* done,
                                          int32_t* more, resys_error** error);
/* The same of one part: "deadlines" (reservations, what is kept no longer: calls nothing outside),
 * "payments", "events" (handlers), "mail", or "all". Where each part has a thread of its own, none
 * waits for what another one calls. */
RESYS_API resys_status resys_run_due_work_part(resys_shop* shop, resys_text part, int64_t limit,
                                               int64_t* done, int32_t* more, resys_error** error);
/* Runs due work on threads of its own, one for each part. To be stopped before the shop closes. */
RESYS_API resys_status resys_worker_start(resys_shop* shop, int64_t interval_ms,
                                          resys_worker** worker, resys_error** error);
RESYS_API void resys_worker_stop(resys_worker* worker);

/* ---- the database as a whole */

/* Is told how far a long call has come: `done` of `total`, several times a second, on the calling
 * thread. Anything but RESYS_OK stops the call, which then leaves nothing behind and fails with
 * that code. A snapshot of the database may be held meanwhile: return soon. */
typedef struct resys_progress {
  size_t struct_size;
  void* payload;
  resys_status (*call)(void* payload, resys_text step, int64_t done, int64_t total);
} resys_progress;

/* Copies the database to a new file while the shop sells; what was confirmed before the call is in
 * it. The file gets its name when it is whole, on the disk and checked. *backup is {"path","bytes",
 * "pages","schemaVersion","createdAt"}. Steps: "copy" and "check", in pages; `progress` may be
 * NULL. RESYS_CONFLICT: a file is there, and none is overwritten; RESYS_INVALID_REQUEST: none can
 * be made there; RESYS_STORAGE: no space, or the database is damaged. */
RESYS_API resys_status resys_shop_backup(resys_shop* shop, resys_text path,
                                         const resys_progress* progress, resys_document** backup,
                                         resys_error** error);
/* Whether the database is sound: the file, its references, and the rules that stock, orders and
 * money obey. *report is {"checked":{"orders":...},"differences":[{"what","store","id","expected",
 * "found"}],"leftOut"}: no differences, all is well. Steps: "file" counts tables, "stores" what
 * they hold; `progress` may be NULL. */
RESYS_API resys_status resys_shop_check(resys_shop* shop, const resys_progress* progress,
                                        resys_document** report, resys_error** error);
/* The database engine that the shop runs on: *engine is {"name":"SQLite","version":"3.40.1",
 * "hasWalResetBug"}. With that bug (SQLite 3.7.0 to 3.51.2) committed pages can be lost when a
 * checkpoint runs while another process commits. Shops never let one run then; other programs must
 * not checkpoint, or write to, a file that a shop has open. */
RESYS_API resys_status resys_shop_engine(resys_shop* shop, resys_document** engine,
                                         resys_error** error);

/* Encrypts everything that is encrypted with another key with the current one (`secret_key_id`), in
 * short transactions while the shop sells. *report is {"currentKeyId","resealed","dropped","keys":
 * [{"id","isKnown","paymentMethods","clientSecrets","unreadable"}]}: a key that nothing uses can be
 * left out. Step: "seal", in things; `progress` may be NULL. RESYS_INVALID_STATE: no keys. */
RESYS_API resys_status resys_shop_rotate_keys(resys_shop* shop, const resys_progress* progress,
                                              resys_document** report, resys_error** error);

/* ---- about the library */

/* "0.1.0" */
RESYS_API resys_text resys_version(void);
/* Operations, their fields, enums and errors as one JSON object; bindings are made from it. */
RESYS_API resys_text resys_describe(void);
/* The OpenAPI 3.1 document. */
RESYS_API resys_text resys_openapi(void);

#ifdef __cplusplus
}
#endif
#endif
