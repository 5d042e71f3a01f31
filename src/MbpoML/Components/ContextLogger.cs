using Microsoft.Extensions.Logging;
using Microsoft.ML.Runtime;

namespace MbpoML.Components;

/// <summary>Sends log lines to the user's logger and, from <see cref="LogLevel.Information"/> up, to the listeners of <c>mlContext.Log</c>.</summary>
/// <remarks>
/// ML.NET cannot be asked whether anybody listens, so the finer levels, which may be many, go only where the user's logger has them switched on.
/// </remarks>
internal sealed class ContextLogger(IHost host, string category, ILogger user) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => user.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => ReachesContext(logLevel) || user.IsEnabled(logLevel);

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (user.IsEnabled(logLevel)) user.Log(logLevel, eventId, state, exception, formatter);
        if (ReachesContext(logLevel)) Send(logLevel, formatter(state, exception), exception);
    }

    private void Send(LogLevel level, string text, Exception? exception)
    {
        if (exception is not null) text = $"{text} {exception.GetType().Name}: {exception.Message}";
        using var channel = host.Start(category);
        // Braces would be read as the format's own: hand the text over as an argument.
        switch (level)
        {
            case LogLevel.Information: channel.Info(MessageSensitivity.None, "{0}", text); break;
            case LogLevel.Warning: channel.Warning(MessageSensitivity.None, "{0}", text); break;
            default: channel.Error(MessageSensitivity.None, "{0}", text); break;
        }
    }

    private static bool ReachesContext(LogLevel level) => level is >= LogLevel.Information and < LogLevel.None;
}
