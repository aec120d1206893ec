package io.github.llava4j.demo.web;

import java.io.IOException;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;

/** Refuses bodies over the limit: by the length that they announce, or once so much has been read. */
@Component
@Order(2)
class BodyLimitFilter extends OncePerRequestFilter {

  private final long most;
  private final HandlerExceptionResolver resolver;

  BodyLimitFilter(
      WebProperties properties, @Qualifier("handlerExceptionResolver") HandlerExceptionResolver resolver) {
    this.most = properties.maxRequestSize().toBytes();
    this.resolver = resolver;
  }

  @Override
  protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    if (request.getContentLengthLong() > most) {
      resolver.resolveException(request, response, null, new RequestTooLargeException(most));
    } else {
      chain.doFilter(new Limited(request, most), response);
    }
  }

  private static final class Limited extends HttpServletRequestWrapper {

    private final long most;

    Limited(HttpServletRequest request, long most) {
      super(request);
      this.most = most;
    }

    @Override
    public ServletInputStream getInputStream() throws IOException {
      return new LimitedInputStream(super.getInputStream(), most);
    }
  }
}
