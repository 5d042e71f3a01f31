using Microsoft.Extensions.Logging;
using Microsoft.ML;

namespace MbpoML;

/// <summary>Adds reinforcement learning to an <see cref="MLContext"/>.</summary>
public static class ReinforcementExtensions
{
    /// <summary>The catalog of reinforcement learning. Its randomness comes from the context's seed; each call makes a new catalog.</summary>
    /// <param name="mlContext">The context, with a seed for repeatable runs: <c>new MLContext(seed: 1)</c>.</param>
    /// <param name="loggerFactory">Where log lines go besides <c>mlContext.Log</c>. Default: nowhere else.</param>
    /// <exception cref="PlatformNotSupportedException">No torch backend can be loaded; the message says what to add.</exception>
    public static ReinforcementCatalog Reinforcement(this MLContext mlContext, ILoggerFactory? loggerFactory = null) => new(mlContext, loggerFactory);
}
