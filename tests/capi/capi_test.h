/* What the tests of the C interface share. */
#ifndef CAPI_TEST_H
#define CAPI_TEST_H

#include <stdio.h>
#include <stdlib.h>

#include "resys.h"

#define CHECK(condition)                                                        \
  do {                                                                          \
    if (!(condition)) {                                                         \
      fprintf(stderr, "%s:%d: not true: %s\n", __FILE__, __LINE__, #condition); \
      exit(1);                                                                  \
    }                                                                           \
  } while (0)

/* Texts of C, ending with a zero byte. */
resys_text text(const char* literal);
int same(resys_text got, const char* wanted);
resys_caller shopper(void);
resys_caller staff(void);
resys_log quiet(void);
resys_options in_memory(const resys_log* log);
resys_shop* open_with(const resys_options* options);
resys_document* call(resys_shop* shop, resys_caller caller, const char* operation,
                     const char* request);
void act(resys_shop* shop, resys_caller caller, const char* operation, const char* request);
/* The error of a call that must fail with this code. */
resys_error* refused(resys_shop* shop, resys_caller caller, const char* operation,
                     const char* request, resys_status code);
char* with_id(const char* format, resys_document* document, const char* pointer);
void stock(resys_shop* shop);
/* The request that places the shopper's order with a method of this processor. */
char* fill(resys_shop* shop, const char* processor);

/* What a call with progress has said; it may be stopped. */
typedef struct {
  int calls;
  int stop_at; /* 0: never */
  resys_status with;
  int64_t done;
  int64_t total;
  char last_step[16];
} watcher;
resys_status watch(void* payload, resys_text step, int64_t done, int64_t total);

/* ---- the cases of capi_ports.c */

void a_shop_that_does_not_open_destroys_nothing(void);
void an_unknown_built_in_processor_is_refused(void);
void a_processor_answers_at_once(void);
void a_processor_answers_from_another_thread(void);
void a_processor_answers_twice(void);
void a_processor_never_answers(void);
void a_processor_answers_nonsense(void);
void a_processor_s_own_failure_comes_back(void);
void mailer_handler_and_clock(void);
void taxes_come_from_the_host(void);

/* ---- the case of capi_keys.c */

void keys_are_missed_and_rotated(void);

#endif
