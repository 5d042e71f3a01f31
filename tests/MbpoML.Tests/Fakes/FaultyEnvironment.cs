using MbpoML.Environments;
using MbpoML.Environments.Wrappers;

namespace MbpoML.Tests.Fakes;

/// <summary>What can go wrong in an environment.</summary>
public enum Fault
{
    StepThrows,
    StepHangs,
    RewardIsNaN,
    RewardIsInfinite,
    ObservationIsNaN,
    ObservationIsInfinite,
    ObservationIsTooLong,
    ObservationIsTooShort,
    ResetThrows,
    ResetIsNaN,
    ResetHangs,
}

/// <summary>The line task with one fault at chosen calls, counted from 1: of steps, or of resets where the fault is one of those.</summary>
internal sealed class FaultyEnvironment(Fault fault, Func<int, bool> fails) : EnvironmentWrapper(new LineEnvironment())
{
    /// <summary>A call that hangs comes back when this opens.</summary>
    public ManualResetEventSlim Gate { get; } = new();

    public bool Hangs => fault is Fault.StepHangs or Fault.ResetHangs;

    public int Steps { get; private set; }

    public int Resets { get; private set; }

    /// <summary>The seeds of all resets.</summary>
    public IReadOnlyList<int> Seeds => ((LineEnvironment)Inner).Seeds;

    public override void Reset(int seed, Span<double> observation)
    {
        base.Reset(seed, observation);
        if (!fails(++Resets)) return;
        if (fault == Fault.ResetThrows) throw new IOException("the robot is stuck");
        if (fault == Fault.ResetIsNaN) observation[0] = double.NaN;
        if (fault == Fault.ResetHangs) Gate.Wait();
    }

    public override StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
    {
        var result = base.Step(action, observation);
        if (!fails(++Steps)) return result;
        switch (fault)
        {
            case Fault.StepThrows: throw new IOException("the robot is unplugged");
            case Fault.StepHangs: Gate.Wait(); break;
            case Fault.RewardIsNaN: return result with { Reward = double.NaN };
            case Fault.RewardIsInfinite: return result with { Reward = double.PositiveInfinity };
            case Fault.ObservationIsNaN: observation[0] = double.NaN; break;
            case Fault.ObservationIsInfinite: observation[0] = 1e300; break;
            case Fault.ObservationIsTooLong: new double[] { 1, 2 }.CopyTo(observation); break;
            case Fault.ObservationIsTooShort: observation.Fill(double.NaN); break;
            default: break;
        }
        return result;
    }

    protected override void Dispose(bool disposing)
    {
        Gate.Set();
        base.Dispose(disposing);
    }
}
