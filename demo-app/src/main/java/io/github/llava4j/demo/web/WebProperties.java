package io.github.llava4j.demo.web;

import java.util.Set;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What the web server accepts.
 *
 * @param maxRequestSize Largest request body; pictures are in it as base64, a third larger than their files.
 * @param allowedHosts Names besides localhost under which this machine may be asked over its loopback interface: those
 *     of a reverse proxy.
 */
@ConfigurationProperties("llava4j.web")
record WebProperties(@DefaultValue("32MB") DataSize maxRequestSize, @DefaultValue Set<String> allowedHosts) {

  WebProperties {
    if (maxRequestSize.toBytes() < 1) {
      throw new IllegalArgumentException("llava4j.web.max-request-size must be positive, not " + maxRequestSize);
    }
  }
}
