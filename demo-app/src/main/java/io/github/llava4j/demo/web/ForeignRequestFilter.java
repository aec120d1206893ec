package io.github.llava4j.demo.web;

import java.io.IOException;
import java.net.InetAddress;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;

/**
 * Keeps pages of other sites from using this server through the browser of somebody who may: those that say where they
 * come from, and those whose host name was pointed at this machine after the browser had loaded them.
 */
@Component
@Order(1)
class ForeignRequestFilter extends OncePerRequestFilter {

  private static final Set<String> OWN_PAGE = Set.of("same-origin", "none");
  private static final Pattern ORIGIN = Pattern.compile("https?://(?<host>(?<name>\\[[^]]+]|[^:/]+)(:\\d+)?)");
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]", "::1");

  private final Set<String> allowedHosts;
  private final HandlerExceptionResolver resolver;

  ForeignRequestFilter(
      WebProperties properties, @Qualifier("handlerExceptionResolver") HandlerExceptionResolver resolver) {
    this.allowedHosts = properties.allowedHosts();
    this.resolver = resolver;
  }

  @Override
  protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    String problem = problem(request);
    if (problem == null) {
      chain.doFilter(request, response);
    } else {
      resolver.resolveException(request, response, null, RefusedException.foreign(problem));
    }
  }

  private @Nullable String problem(HttpServletRequest request) throws IOException {
    String host = request.getServerName();
    // The address is a number, so nothing is looked up.
    boolean local = InetAddress.getByName(request.getLocalAddr()).isLoopbackAddress();
    if (local && !LOOPBACK.contains(host) && !allowedHosts.contains(host)) {
      return "this server is not called " + host + "; llava4j.web.allowed-hosts can allow it";
    }
    return request.getRequestURI().startsWith("/api/") && isForeign(request)
        ? "pages of other sites may not ask this server" : null;
  }

  /**
   * Browsers say where a page comes from: {@code Sec-Fetch-Site} to this machine and over https, {@code Origin} at
   * least with each POST of another site. Other clients say neither.
   */
  private boolean isForeign(HttpServletRequest request) {
    String site = request.getHeader("Sec-Fetch-Site");
    if (site != null) {
      return !OWN_PAGE.contains(site);
    }
    String origin = request.getHeader(HttpHeaders.ORIGIN);
    return origin != null && !isOwn(origin, request.getHeader(HttpHeaders.HOST));
  }

  /** The scheme does not count: a proxy may speak https for this server. */
  private boolean isOwn(String origin, String host) {
    Matcher page = ORIGIN.matcher(origin);
    return page.matches()
        && (withoutDefaultPort(page.group("host")).equalsIgnoreCase(withoutDefaultPort(host))
            || allowedHosts.contains(page.group("name")));
  }

  private static String withoutDefaultPort(String host) {
    return host == null ? "" : host.replaceFirst(":(80|443)$", "");
  }
}
