// Files into memory, paths to files.
#include "pages.hpp"

#include <array>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>

namespace demo {
namespace {

using resys::Errc;
using resys::Error;
using resys::Result;

struct Route {
  std::string_view path;  // one that ends in "/" stands for all below it
  std::string_view file;
};
constexpr std::array<Route, 8> kRoutes{{{"/", "/catalog.html"},
                                        {"/products/", "/product.html"},
                                        {"/cart", "/cart.html"},
                                        {"/sign-in", "/sign-in.html"},
                                        {"/checkout", "/checkout.html"},
                                        {"/orders", "/orders.html"},
                                        {"/orders/", "/order.html"},
                                        {"/staff", "/staff.html"}}};

constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kTypes{
    {{".html", "text/html; charset=utf-8"},
     {".css", "text/css; charset=utf-8"},
     {".js", "text/javascript; charset=utf-8"},
     {".svg", "image/svg+xml; charset=utf-8"},
     {".png", "image/png"}}};

std::string type_of(const std::string& extension) {
  for (const auto& [each, type] : kTypes) {
    if (each == extension) return std::string(type);
  }
  return "application/octet-stream";
}

bool leads_to(const Route& route, std::string_view path) {
  if (route.path.size() == 1 || !route.path.ends_with('/')) return route.path == path;
  return path.starts_with(route.path) && path.size() > route.path.size() &&
         path.find('/', route.path.size()) == std::string_view::npos;
}

}  // namespace

Result<Pages> Pages::load(const std::string& folder) {
  namespace fs = std::filesystem;
  Pages pages;
  std::error_code fault;
  for (fs::recursive_directory_iterator each(folder, fault), end; !fault && each != end;
       each.increment(fault)) {
    if (!each->is_regular_file()) continue;
    std::ifstream in(each->path(), std::ios::binary);
    PageFile file;
    file.content.assign(std::istreambuf_iterator<char>(in), {});
    file.type = type_of(each->path().extension().string());
    file.etag = "\"" + std::to_string(std::hash<std::string>{}(file.content)) + "\"";
    pages.files_["/" + fs::relative(each->path(), folder).generic_string()] = std::move(file);
  }
  if (pages.find("/") == nullptr || pages.find("/not-found.html") == nullptr) {
    return Error(Errc::storage, "the pages of the demo shop are not in " + folder);
  }
  return pages;
}

const PageFile* Pages::find(std::string_view path) const {
  for (const Route& route : kRoutes) {
    if (leads_to(route, path)) path = route.file;
  }
  const auto found = files_.find(path);
  return found == files_.end() ? nullptr : &found->second;
}

std::string_view content_security_policy(std::string_view path) {
  // https://docs.stripe.com/security/guide#content-security-policy names Stripe's hosts.
  if (path == "/checkout") {
    return "default-src 'none'; script-src 'self' https://js.stripe.com https://*.js.stripe.com; "
           "style-src 'self'; img-src 'self' https://*.stripe.com; "
           "connect-src 'self' https://api.stripe.com; frame-src https://js.stripe.com "
           "https://*.js.stripe.com https://hooks.stripe.com; form-action 'self'; "
           "base-uri 'none'; frame-ancestors 'none'";
  }
  return "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
         "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
}

}  // namespace demo
