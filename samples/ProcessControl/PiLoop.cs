namespace ProcessControl;

/// <summary>A PI controller between two limits. Where it is at one, it stops integrating further that way (anti-windup by conditional integration).</summary>
internal sealed class PiLoop(double gain, double integralTime, double low, double high)
{
    private double _integral;

    public void Start() => _integral = 0;

    /// <param name="error">What is wanted less what is there.</param>
    /// <param name="feedForward">Added to the output.</param>
    /// <param name="stepLength">In the unit of the integral time.</param>
    public double Next(double error, double feedForward, double stepLength)
    {
        var integral = _integral + (stepLength / integralTime * error);
        var output = feedForward + (gain * (error + integral));
        if (output >= low && output <= high) _integral = integral;
        // At a limit only what leads away from it is integrated.
        else if ((output > high) != (gain * error > 0)) _integral = integral;
        return Math.Clamp(output, low, high);
    }
}
