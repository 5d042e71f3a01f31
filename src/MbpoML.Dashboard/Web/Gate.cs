using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace MbpoML.Dashboard.Web;

/// <summary>Decides who gets in: by method, by the name of the server that the browser used, by the site that asks, and by the token.</summary>
internal sealed class Gate
{
    private const string TokenQuery = "token";
    private const string Scheme = "Bearer ";

    private readonly HashSet<string> _names;
    private readonly byte[]? _tokenHash;
    private readonly string? _cookie;
    private readonly byte[]? _cookieHash;

    /// <param name="hostNames">Names of the server besides "localhost" and addresses.</param>
    /// <param name="token">What a viewer has to know; null for nothing.</param>
    public Gate(IEnumerable<string> hostNames, string? token)
    {
        _names = new HashSet<string>(hostNames, StringComparer.OrdinalIgnoreCase) { "localhost" };
        if (token is null) return;
        _tokenHash = Hash(token);
        // A cookie goes to every server of the machine, whatever its port: it tells none of them the token.
        _cookie = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(token), "the cookie of the dashboard"u8));
        _cookieHash = Hash(_cookie);
    }

    /// <summary>Lets a request in, or answers it.</summary>
    /// <returns>Whether it is in.</returns>
    public async Task<bool> LetInAsync(HttpContext context)
    {
        var request = context.Request;
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
            return await RefuseAsync(context, 405, "Only GET and HEAD are answered.");
        // A site whose name was made to lead here (DNS rebinding) gives its own name.
        if (!IsOwnName(request.Host.Host)) return await RefuseAsync(context, 421, "This server does not go by that name: see --host.");
        // A link or a bookmark may lead to the page; the data are for the page alone.
        if (request.Path != "/" && request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site")
            return await RefuseAsync(context, 403, "Other sites get nothing from here.");
        if (_tokenHash is null) return true;
        if (request.Query[TokenQuery].ToString() is { Length: > 0 } given) return await EnterAsync(context, given);
        if (Is(_tokenHash, TokenOf(request.Headers.Authorization.ToString())) || Is(_cookieHash!, request.Cookies[CookieName(context)])) return true;
        return await RefuseAsync(
            context, 401, "A token is needed. Open the whole address that the program printed, or send the header Authorization: Bearer TOKEN.");
    }

    /// <summary>Whether a browser may call the server so.</summary>
    /// <param name="host">The name without the port.</param>
    internal bool IsOwnName(string host) =>
        _names.Contains(host) || IPAddress.TryParse(host.StartsWith('[') && host.EndsWith(']') ? host[1..^1] : host, out _);

    // The token leaves the address at once, so that it stands in no history and no screenshot.
    private async Task<bool> EnterAsync(HttpContext context, string given)
    {
        if (!Is(_tokenHash!, given)) return await RefuseAsync(context, 401, "That is not the token.");
        context.Response.Cookies.Append(CookieName(context), _cookie!, new CookieOptions
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Strict,
            Path = "/",
            Secure = context.Request.IsHttps,
        });
        context.Response.Redirect("/");
        return false;
    }

    // Servers on several ports of a machine share their cookies.
    private static string CookieName(HttpContext context) => Invariant($"mbpo-dashboard-{context.Connection.LocalPort}");

    private static string? TokenOf(string header) => header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? header[Scheme.Length..] : null;

    // Hashes are of one length, so that the time of the comparison tells nothing.
    private static bool Is(byte[] hash, string? given) => given is not null && CryptographicOperations.FixedTimeEquals(hash, Hash(given));

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    private static async Task<bool> RefuseAsync(HttpContext context, int status, string message)
    {
        context.Response.StatusCode = status;
        if (status == 401) context.Response.Headers.WWWAuthenticate = "Bearer";
        context.Response.ContentType = "text/plain; charset=utf-8";
        await context.Response.WriteAsync(message + "\n", context.RequestAborted).ConfigureAwait(false);
        return false;
    }
}
