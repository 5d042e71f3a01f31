namespace FromLogs;

/// <summary>One sluggish PID controller for each heater: the present control of the plant, whose log there is.</summary>
public sealed class PidController
{
    private const double Gain = 3;                    // %/K
    private const double IntegralTime = 120;          // s
    private const double DerivativeTime = 5;          // s

    private readonly double[] _integral = new double[2], _before = new double[2];
    private bool _isFirst = true;

    /// <summary>An episode begins.</summary>
    public void Begin() => (_integral[0], _integral[1], _isFirst) = (0, 0, true);

    /// <summary>The heaters for an observation of the plant.</summary>
    public void Act(ReadOnlySpan<double> observation, Span<double> action)
    {
        for (var loop = 0; loop < 2; loop++)
        {
            var error = observation[2 + loop] - observation[loop];
            var slope = _isFirst ? 0 : (error - _before[loop]) / ThermalPlant.StepLength;
            var free = Gain * (error + ((_integral[loop] + (error * ThermalPlant.StepLength)) / IntegralTime) + (DerivativeTime * slope));
            // At a limit the integral stays.
            if (free is > 0 and < 100) _integral[loop] += error * ThermalPlant.StepLength;
            action[loop] = Math.Clamp(free, 0, 100);
            _before[loop] = error;
        }

        _isFirst = false;
    }
}
