using Microsoft.Extensions.Logging;

namespace MbpoML.Components;

/// <summary>Makes the loggers of components.</summary>
internal static class ComponentContextLogging
{
    /// <summary>A logger whose lines reach both the user's <see cref="ILoggerFactory"/>, where one was given, and <c>mlContext.Log</c>.</summary>
    /// <param name="context">The component's context.</param>
    /// <param name="category">The name the lines carry, such as "MbpoML.Training".</param>
    public static ILogger CreateLogger(this ComponentContext context, string category)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentException.ThrowIfNullOrEmpty(category);
        return new ContextLogger(context.Host, category, context.LoggerFactory.CreateLogger(category));
    }
}
