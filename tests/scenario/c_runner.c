/* Replays a scenario's steps in C; cpp_runner.cpp says how. */
#include <resys.h>
#include <stdio.h>
#include <string.h>

static resys_text text_of(const char* zero_terminated) {
  resys_text text;
  text.data = zero_terminated;
  text.size = RESYS_ZERO_TERMINATED;
  return text;
}

/* Cuts the line at its next tab or end. */
static char* next_field(char** line) {
  char* const field = *line;
  char* const end = field + strcspn(field, "\t\n");
  *line = *end == '\0' ? end : end + 1;
  *end = '\0';
  return field;
}

/* As JSON: what a host would write with its own JSON library. */
static void print_quoted(resys_text text) {
  size_t i;
  putchar('"');
  for (i = 0; i < text.size; ++i) {
    if (text.data[i] == '"' || text.data[i] == '\\') putchar('\\');
    putchar(text.data[i]);
  }
  putchar('"');
}

static void print_error(const resys_error* error) {
  static const char* const retries[] = {"never", "same", "reload"};
  printf("{\"error\":{\"code\":");
  print_quoted(resys_error_name(error));
  printf(",\"message\":");
  print_quoted(resys_error_message(error));
  printf(",\"field\":");
  print_quoted(resys_error_field(error));
  printf(",\"details\":%s,\"retry\":\"%s\"}}\n", resys_error_details(error).data,
         retries[resys_error_retry(error)]);
}

static int run_due_work(resys_shop* shop) {
  int32_t more = 1;
  while (more) {
    if (resys_run_due_work(shop, 1000, NULL, &more, NULL) != RESYS_OK) return 0;
  }
  return 1;
}

static int run(resys_shop* shop, char* line) {
  resys_caller caller = {0};
  resys_document* answer = NULL;
  resys_error* error = NULL;
  const char* operation;
  caller.struct_size = sizeof caller;
  caller.store = text_of(next_field(&line));
  caller.audience = strcmp(next_field(&line), "staff") == 0 ? RESYS_STAFF : RESYS_SHOPPER;
  caller.user_id = text_of(next_field(&line));
  caller.session_id = text_of(next_field(&line));
  caller.idempotency_key = text_of(next_field(&line));
  operation = next_field(&line);
  if (strcmp(operation, "dueWork") == 0) {
    if (!run_due_work(shop)) return 0;
    puts("{\"answer\":{}}");
  } else if (resys_call(shop, &caller, text_of(operation), text_of(next_field(&line)), &answer,
                        &error) == RESYS_OK) {
    printf("{\"answer\":%s}\n", resys_document_json(answer).data);
  } else {
    print_error(error);
  }
  resys_document_free(answer);
  resys_error_free(error);
  return fflush(stdout) == 0;
}

int main(int argc, char** argv) {
  static char line[65536];
  char database[4096];
  resys_options options = {0};
  const resys_secret_key key = {RESYS_TEXT("k1"), RESYS_TEXT("00000000000000000000000000000000")};
  resys_shop* shop = NULL;
  if (argc != 2) return 2;
  snprintf(database, sizeof database, "sqlite:%s", argv[1]);
  options.struct_size = sizeof options;
  options.database = text_of(database);
  options.processors = text_of("test manual");
  options.secret_keys = &key;
  options.secret_key_count = 1;
  options.secret_key_id = text_of("k1");
  if (resys_shop_open(&options, &shop, NULL) != RESYS_OK) return 1;
  while (fgets(line, sizeof line, stdin) != NULL) {
    if (!run(shop, line)) return 1;
  }
  resys_shop_close(shop);
  return 0;
}
