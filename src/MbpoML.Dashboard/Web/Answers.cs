using System.Globalization;
using System.Text;
using System.Text.Json;
using MbpoML.Dashboard.Files;
using MbpoML.Dashboard.Watching;
using Microsoft.AspNetCore.Http;

namespace MbpoML.Dashboard.Web;

/// <summary>
/// Answers the requests that the <see cref="Gate"/> let in. No part of a request is a path: what is asked for is one of the names that the server gave.
/// </summary>
/// <param name="watcher">Knows the runs.</param>
/// <param name="clock">Times the signs of life of the stream.</param>
/// <param name="stopping">Ends the streams when the server stops.</param>
internal sealed class Answers(Watcher watcher, TimeProvider clock, CancellationToken stopping)
{
    /// <summary>What the page may do: run its own scripts, and talk to its own server.</summary>
    public const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self'; connect-src 'self'; base-uri 'none'; " +
        "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";

    private const int MostPoints = 200_000;
    private static readonly TimeSpan _signOfLife = TimeSpan.FromSeconds(15);
    private static readonly Dictionary<string, PageFile> _files =
        new[] { PageFile.Styles, PageFile.Scripts }.ToDictionary(file => $"/{file.Name}", StringComparer.Ordinal);

    /// <summary>What every answer says to the browser.</summary>
    public static void AddHeaders(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.CacheControl = "no-store";
    }

    /// <summary>Answers a request.</summary>
    public Task AnswerAsync(HttpContext context)
    {
        var query = context.Request.Query;
        return context.Request.Path.Value switch
        {
            "/" => WriteAsync(context, PageFile.Page.ContentType, Encoding.UTF8.GetBytes(PageText.Served)),
            "/api/state" => JsonAsync(context, watcher.State()),
            "/api/series" => JsonAsync(context, watcher.Curves(query["metric"].ToString(), MostPoints)),
            "/api/events" => StreamAsync(context),
            "/api/film" => FilmAsync(context, query["run"].ToString(), query["number"].ToString()),
            "/offline.html" => OfflineAsync(context, query["view"].ToString()),
            { } path when _files.TryGetValue(path, out var file) => WriteAsync(context, file.ContentType, file.Content),
            _ => NothingAsync(context),
        };
    }

    // Into the server's own buffers: the curves of many runs are a megabyte for each chart.
    private static async Task JsonAsync<T>(HttpContext context, T content)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        if (HttpMethods.IsHead(context.Request.Method)) return;
        var body = context.Response.BodyWriter;
        await using (var writer = new Utf8JsonWriter(body)) JsonSerializer.Serialize(writer, content, PageMessage.Form);
        await body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
    }

    private Task OfflineAsync(HttpContext context, string view)
    {
        if (view.Length > OfflineData.LongestView) view = "";
        context.Response.Headers.ContentDisposition = "attachment; filename=\"dashboard.html\"";
        context.Response.ContentType = PageFile.Page.ContentType;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask
            : PageText.WriteOfflineAsync(context.Response.Body, OfflineData.Of(watcher, view), context.RequestAborted);
    }

    private async Task FilmAsync(HttpContext context, string run, string number)
    {
        // Once: the run may be gone from the list at the next look.
        var found = watcher.Find(run);
        var films = found?.Films ?? [];
        if (found is null || !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var place) || place >= films.Count)
        {
            await NothingAsync(context).ConfigureAwait(false);
            return;
        }

        var file = GuardedFile.Open(found.Folder.Root, films[place].Relative);
        var answer = file is null || file.Length > Runs.Film.MaxBytes ? Results.NotFound()
            : Results.Stream(file, films[place].ContentType, enableRangeProcessing: true);
        await answer.ExecuteAsync(context).ConfigureAwait(false);
    }

    private async Task StreamAsync(HttpContext context)
    {
        if (watcher.Join() is not { } viewer)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }

        using var ends = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        try
        {
            context.Response.ContentType = "text/event-stream";
            await SendAsync("retry: 2000\n\n"u8.ToArray()).ConfigureAwait(false);
            await SendAsync(PageMessage.Of("hello", new { })).ConfigureAwait(false);
            for (var more = viewer.Messages.WaitToReadAsync(ends.Token).AsTask(); ;)
            {
                await Task.WhenAny(more, Task.Delay(_signOfLife, clock, ends.Token)).ConfigureAwait(false);
                if (!more.IsCompleted)
                {
                    // So that a connection that is dead is noticed.
                    ends.Token.ThrowIfCancellationRequested();
                    await SendAsync(": alive\n\n"u8.ToArray()).ConfigureAwait(false);
                    continue;
                }

                if (!await more.ConfigureAwait(false)) return;
                while (viewer.Messages.TryRead(out var message)) await SendAsync(message).ConfigureAwait(false);
                more = viewer.Messages.WaitToReadAsync(ends.Token).AsTask();
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // The browser went away, or the server stops.
        }
        finally
        {
            watcher.Leave(viewer);
        }

        async Task SendAsync(byte[] message)
        {
            await context.Response.Body.WriteAsync(message, ends.Token).ConfigureAwait(false);
            await context.Response.Body.FlushAsync(ends.Token).ConfigureAwait(false);
        }
    }

    private static Task NothingAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return WriteAsync(context, "text/plain; charset=utf-8", "There is nothing here.\n"u8.ToArray());
    }

    private static Task WriteAsync(HttpContext context, string contentType, byte[] content)
    {
        (context.Response.ContentType, context.Response.ContentLength) = (contentType, content.Length);
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.Body.WriteAsync(content, context.RequestAborted).AsTask();
    }
}
