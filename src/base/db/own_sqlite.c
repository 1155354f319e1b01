/* A SQLite of the host's own, built into the library: CMake's RESYS_SQLITE_AMALGAMATION, Meson's
   sqlite_amalgamation. RESYS_SQLITE_SOURCE is its sqlite3.c.

   Its symbols are hidden: other users of SQLite in the process keep the one that they have, and
   resys and SQLiteCpp, which are linked with this one, cannot be given that one. */
#define SQLITE_API __attribute__((visibility("hidden")))
#define SQLITE_THREADSAFE 1
#define SQLITE_ENABLE_COLUMN_METADATA 1 /* SQLiteCpp calls it */
#include RESYS_SQLITE_SOURCE
