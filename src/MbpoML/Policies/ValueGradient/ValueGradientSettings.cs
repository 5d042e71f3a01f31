using MbpoML.Data;
using MbpoML.Environments;
using MbpoML.Numerics.Networks;

namespace MbpoML.Policies.ValueGradient;

/// <summary>The validated numbers of one learner, with the defaults that depend on the sizes filled in.</summary>
internal sealed record ValueGradientSettings(
    TransitionLayout Layout,
    BoxSpace ActionSpace,
    IReadOnlyList<int> ActorHiddenSizes,
    IReadOnlyList<int> CriticHiddenSizes,
    bool NormalizesCritics = true,
    double CriticDropout = 0)
{
    // Of the published code, which is torch's own default.
    private const double NormEpsilon = 1e-5;

    /// <summary>H, imagined steps; 0 leaves the critics' values at the start states alone.</summary>
    public int Horizon { get; init; } = 5;

    /// <summary>Start states of an update.</summary>
    public int BatchSize { get; init; } = 256;

    /// <summary>N</summary>
    public int CriticCount { get; init; } = 5;

    /// <summary>Target critics, drawn anew for each update, whose least value counts.</summary>
    public int TargetCriticCount { get; init; } = 2;

    public double ActorLearningRate { get; init; } = 3e-4;

    public double CriticLearningRate { get; init; } = 3e-4;

    public double TemperatureLearningRate { get; init; } = 3e-4;

    /// <summary>Decoupled decay of the weights of actor and critics, in units of the learning rate.</summary>
    public double WeightDecay { get; init; }

    /// <summary>γ</summary>
    public double Discount { get; init; } = 0.995;

    /// <summary>τ: how far the target critics move towards the critics in each update.</summary>
    public double TargetSmoothing { get; init; } = 0.005;

    /// <summary>α at the beginning.</summary>
    public double InitialTemperature { get; init; } = 0.1;

    /// <summary>In nats, of the action scaled to [-1, 1].</summary>
    public double TargetEntropy { get; init; } = -Layout.ActionSize;

    /// <summary>Whether critics are scaled by the range of values, and their targets cut to it.</summary>
    public bool BoundsValues { get; init; } = true;

    /// <summary>How far the range moves in each update.</summary>
    public double BoundsRate { get; init; } = 3e-4;

    /// <summary>Whether the range holds 0 where the task can end.</summary>
    public bool KeepsZeroInBounds { get; init; } = true;

    /// <summary>Whether the actor climbs the critics' value of the last step of a row that ends.</summary>
    public bool ValuesEnds { get; init; }

    /// <summary>How far the scales of observations may be from those of the data before they are taken anew.</summary>
    public double ScaleTolerance { get; init; }

    /// <summary>Whether the networks that learn stay the functions that they were when scales are taken anew.</summary>
    public bool KeepsFunctions { get; init; }

    /// <summary>How far the averaged actor moves towards the actor in each update; null: there is none.</summary>
    public double? ActorAveraging { get; init; }

    /// <summary>Normalised observation to means and raw deviations.</summary>
    public NetworkShape Actor { get; } = new(Layout.ObservationSize, ActorHiddenSizes, 2 * Layout.ActionSize, Activation.Silu);

    /// <summary>Normalised observation and scaled action to value.</summary>
    public NetworkShape Critic { get; } = new(
        Layout.ObservationSize + Layout.ActionSize,
        [.. CriticHiddenSizes.Select(units => new HiddenLayer(units, Activation.Silu, NormalizesCritics ? NormEpsilon : null, CriticDropout))],
        1);

    /// <summary>The rows of each half of a batch: halves draw from streams of their own, so that two threads give the same bits as one.</summary>
    public IReadOnlyList<int> HalfRows => [BatchSize / 2, BatchSize - (BatchSize / 2)];
}
