using MbpoML.Environments;
using MbpoML.Environments.Functions;
using MbpoML.Numerics.Random;

namespace ProcessControl;

/// <summary>
/// Earn the most with an exothermic stirred tank reactor (A to B, the equations and numbers of D. Seborg et al., "Process Dynamics and Control") whose cooling
/// is limited. Hotter and with more feed it makes more, but above 355 K the product spoils, and where the cooling water no longer carries the heat away the
/// reaction runs off: at 380 K the relief valve opens and the day is over.
/// </summary>
internal sealed class StirredReactor : IEnvironment
{
    public const double HighestTemperature = 355;   // K
    public const double ReliefTemperature = 380;    // K
    public const double NominalFeedTemperature = 350;   // K
    public const int Steps = 120;
    private const int Substeps = 10;
    private const double StepLength = 0.1;          // min
    private const double Volume = 100;              // L
    private const double RateFactor = 7.2e10;       // 1/min
    private const double ActivationTemperature = 8750;   // K, activation energy over gas constant
    private const double ReactionHeat = 5e4;        // J/mol
    private const double HeatCapacity = 239;        // J/(L K), of the reacting liquid
    private const double FeedConcentration = 1;     // mol/L
    private const double HeatTransfer = 5e4;        // J/(min K)
    private const double JacketVolume = 20;         // L
    private const double WaterHeatCapacity = 4180;  // J/(L K)
    private const double ProductPrice = 0.02;       // EUR/mol
    private const double WaterPrice = 0.001;        // EUR/L
    private const double SpoiledPrice = 0.05;       // EUR for each kelvin and step above the highest temperature

    private readonly double[] _state = new double[5];
    private RandomSource _random = new(0);
    private double _meanFeedTemperature;
    private int _elapsed;

    // Concentration of A (mol/L), temperatures of reactor, jacket, feed and cooling water (K).
    public BoxSpace ObservationSpace { get; } = BoxSpace.Unbounded(5);

    // Feed and cooling water (L/min).
    public BoxSpace ActionSpace { get; } = new([50, 0], [150, 100]);

    public int? MaxEpisodeSteps => Steps;

    // The same condition as in Step, for transitions that the model imagines.
    public ITerminationFunction? Termination { get; } =
        TerminationFunction.FromRow((observation, action, nextObservation) => nextObservation[1] > ReliefTemperature);

    public void Reset(int seed, Span<double> observation)
    {
        _random = new RandomSource(seed);
        _elapsed = 0;
        _meanFeedTemperature = _random.NextUniform(340, 360);
        (_state[0], _state[1], _state[2]) = (_random.NextUniform(0.3, 0.7), _random.NextUniform(330, 350), _random.NextUniform(290, 310));
        (_state[3], _state[4]) = (_meanFeedTemperature, _random.NextUniform(278, 290));
        _state.CopyTo(observation);
    }

    public StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
    {
        var (feed, water) = (Math.Clamp(action[0], 50, 150), Math.Clamp(action[1], 0, 100));
        var (concentration, reactor, jacket, feedTemperature, waterTemperature) = (_state[0], _state[1], _state[2], _state[3], _state[4]);
        const double Step = StepLength / Substeps;
        var product = 0.0;
        for (var substep = 0; substep < Substeps; substep++)
        {
            // The concentration implicitly: when the reaction runs off it is used up within a substep.
            var rate = RateFactor * Math.Exp(-ActivationTemperature / reactor);                        // 1/min
            concentration = (concentration + (Step * feed / Volume * FeedConcentration)) / (1 + (Step * ((feed / Volume) + rate)));
            var reaction = rate * concentration;                                                       // mol/(L min)
            var toJacket = HeatTransfer * (reactor - jacket);                                          // J/min
            product += Step * Volume * reaction;
            reactor += Step * ((feed / Volume * (feedTemperature - reactor)) + (ReactionHeat / HeatCapacity * reaction) - (toJacket / (Volume * HeatCapacity)));
            jacket += Step * ((water / JacketVolume * (waterTemperature - jacket)) + (toJacket / (JacketVolume * WaterHeatCapacity)));
        }

        feedTemperature += (0.1 * (_meanFeedTemperature - feedTemperature)) + _random.NextNormal();
        (_state[0], _state[1], _state[2], _state[3]) = (concentration, reactor, jacket, feedTemperature);
        _state.CopyTo(observation);
        _elapsed++;
        var reward = (ProductPrice * product) - (WaterPrice * StepLength * water) - (SpoiledPrice * Math.Max(0, reactor - HighestTemperature));
        return new StepResult(reward, Terminated: reactor > ReliefTemperature, Truncated: _elapsed >= Steps);
    }
}
