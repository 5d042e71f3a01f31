using MbpoML.Environments;

namespace ProcessControl;

/// <summary>A task with the PI controller that a policy has to beat.</summary>
/// <param name="Name">As on the command line.</param>
/// <param name="Create">Makes the environment.</param>
/// <param name="Controller">Makes the PI controller from its gains.</param>
/// <param name="Low">The lowest value of each gain that the search tries.</param>
/// <param name="High">The highest.</param>
/// <param name="Gains">What the search found: <c>dotnet run -c Release --project samples/ProcessControl -- tune</c>.</param>
internal sealed record ControlTask(string Name, Func<IEnvironment> Create, Func<double[], IController> Controller, double[] Low, double[] High, double[] Gains)
{
    /// <summary>The seeds of the episodes for tuning are far from those of the measured ones.</summary>
    private const int FirstTuningSeed = 500_000;
    private const int FirstSeed = 1000;
    private const int TuningEpisodes = 100;
    private const int MeasuredEpisodes = 50;

    public static IReadOnlyList<ControlTask> All { get; } =
    [
        // Temperature to hold (K), gain (L/min for each K), integral time (min), feed (L/min) and what it loses for each kelvin of the feed, water (L/min) and
        // what it gains.
        new("reactor", () => new StirredReactor(), PiControllers.Reactor, [338, 0.1, 0.1, 50, -5, 0, -2], [356, 30, 20, 150, 5, 100, 5],
            [342.7, 8.627, 18.16, 126.4, 2.641, 100, 0.6731]),
        // Temperature to hold (degrees), gain (kW for each K), integral time (h), power for each kelvin of cold outside (kW).
        new("room", () => new TariffRoom(), PiControllers.Room, [20, 0.05, 0.5, 0], [22, 5, 50, 0.15], [20.1, 1.166, 4.727, 0.15]),
        // Gain (N/m), integral time (s).
        new("cart", () => new DelayedCart(), PiControllers.Cart, [0.1, 1], [10, 1000], [1.582, 1000]),
    ];

    /// <summary>The mean return over the episodes by which controllers are compared, equal for all of them.</summary>
    public double Measure(IController controller)
    {
        using var environment = Create();
        return Episodes.MeanReturn(environment, controller, FirstSeed, MeasuredEpisodes);
    }

    /// <summary>Searches the gains again, on other episodes than those that are measured.</summary>
    public double[] Tune()
    {
        using var environment = Create();
        return GainSearch.Best(gains => Episodes.MeanReturn(environment, Controller(gains), FirstTuningSeed, TuningEpisodes), Low, High, seed: 1);
    }
}
