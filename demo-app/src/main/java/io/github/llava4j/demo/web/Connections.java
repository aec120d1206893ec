package io.github.llava4j.demo.web;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicBoolean;

import jakarta.servlet.ServletException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;
import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;

/** What Tomcat does with connections, where the Servlet API has no word for it. */
@Component
class Connections implements WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory> {

  private final WebProperties properties;

  Connections(WebProperties properties) {
    this.properties = properties;
  }

  @Override
  public void customize(ConfigurableTomcatWebServerFactory factory) {
    factory.addEngineValves(new Watch());
    // A client that asks before it sends its body, as curl does, is refused before it has sent any of it.
    factory.addConnectorCustomizers(connector -> connector.setProperty("continueResponseTiming", "onRead"));
  }

  /** Makes the {@link Client} known, and ends requests whose body was not read. */
  private final class Watch extends ValveBase {

    Watch() {
      super(true);
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
      Client.attach(request, response);
      getNext().invoke(request, response);
      if (Client.of(request).isWatched()) {
        response.finishResponse();
      } else if (!isRead(request)) {
        // The answer goes out at once. A browser hears it only after it has sent its body, so that is taken, in the
        // time that a body has, and forgotten.
        response.flushBuffer();
        if (request.getHeader(HttpHeaders.EXPECT) == null && response.getStatus() != Response.SC_REQUEST_TIMEOUT) {
          skip(request.getInputStream());
        }
      }
      if (Client.of(request).isWatched() || !isRead(request)) {
        // Ends the connection.
        request.getCoyoteRequest().action(ActionCode.DISABLE_SWALLOW_INPUT, null);
      }
    }

    private static boolean isRead(Request request) {
      AtomicBoolean read = new AtomicBoolean();
      request.getCoyoteRequest().action(ActionCode.REQUEST_BODY_FULLY_READ, read);
      return read.get();
    }

    private void skip(InputStream body) {
      byte[] piece = new byte[1 << 13];
      BodyClock clock = new BodyClock(properties.bodyTimeout());
      try {
        for (int got = body.read(piece); got >= 0; got = body.read(piece)) {
          clock.arrived(got);
        }
      } catch (IOException | RefusedException e) {
        // It is closed then.
      }
    }
  }
}
