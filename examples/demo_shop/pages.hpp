// The pages, styles, scripts and pictures: read once at start, served from memory.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "resys/result.hpp"

namespace demo {

struct PageFile {
  std::string content;
  std::string type;  // Content-Type
  std::string etag;
};

class Pages {
 public:
  // Reads every file of the folder.
  static resys::Result<Pages> load(const std::string& folder);

  // What is shown at a path: "/products/earl-grey" is product.html, "/style.css" is that file. Null
  // where there is nothing.
  const PageFile* find(std::string_view path) const;
  const PageFile& not_found() const { return files_.at("/not-found.html"); }

 private:
  std::map<std::string, PageFile, std::less<>> files_;
};

// The Content-Security-Policy of a path. Only the checkout may load Stripe's script.
std::string_view content_security_policy(std::string_view path);

}  // namespace demo
