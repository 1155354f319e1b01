// The command line of the demo shop; usage.txt is its description.
#pragma once

#include <string>
#include <vector>

#include "resys/result.hpp"

namespace demo {

struct Options {
  std::string database = "demo-shop.db";
  int port = 8080;
  std::string stripe_api_base;  // empty: Stripe itself
  std::string smtp;             // empty: mails are logged
  std::string host;             // another name that requests may be for, as "shop.test:8080"
  std::string staff_token;      // empty: a random one
  std::string backups;          // the folder of staff's backups; empty: beside the database
  std::string backup;           // a file to make a backup in, instead of serving
  bool check = false;           // instead of serving
  bool seed = true;
  bool quiet = false;
  bool help = false;
};

// Errors: invalid_request, with the option as field.
resys::Result<Options> parse_options(const std::vector<std::string>& arguments);

}  // namespace demo
