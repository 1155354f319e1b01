// Makes a shop's database, for tests that look at what SQLite makes of the schema: FILE.
#include "resys/shop.hpp"

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  resys::Shop::open({.database = std::string("sqlite:") + argv[1]}).value();
  return 0;
}
