using MbpoML.Numerics.Random;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace MbpoML.Components;

/// <summary>What every component gets from the catalog: the ML.NET context, a logger, and seeds from the context's random stream.</summary>
internal sealed class ComponentContext
{
    private readonly RandomSource _seeds;

    public ComponentContext(MLContext mlContext, ILoggerFactory? loggerFactory = null)
    {
        ArgumentNullException.ThrowIfNull(mlContext);
        ML = mlContext;
        // Each registration consumes the context's stream: register once, then derive integer seeds from it.
        Host = ((IHostEnvironment)mlContext).Register("MbpoML");
        _seeds = new RandomSource(Host.Rand.Next());
        LoggerFactory = loggerFactory ?? NullLoggerFactory.Instance;
    }

    public MLContext ML { get; }

    public IHost Host { get; }

    public ILoggerFactory LoggerFactory { get; }

    /// <summary>The seed of the next component made; the order of the calls decides it, so the same program gives the same seeds.</summary>
    public int NextSeed() => _seeds.NextSeed();
}
