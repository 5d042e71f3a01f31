namespace ProcessControl;

/// <summary>
/// The PI controllers of the three tasks, each with what a control engineer would add to it. Their gains were tuned by <see cref="GainSearch"/>.
/// </summary>
internal static class PiControllers
{
    public static IController Reactor(double[] gains) => new ReactorController(gains);

    public static IController Room(double[] gains) => new RoomController(gains);

    public static IController Cart(double[] gains) => new CartController(gains);

    // Cooling water holds the temperature; feed forward of the feed's temperature to both flows.
    private sealed class ReactorController(double[] gains) : IController
    {
        // More water where it is too hot.
        private readonly PiLoop _loop = new(-gains[1], gains[2], 0, 100);

        public void Start() => _loop.Start();

        public void Act(ReadOnlySpan<double> observation, Span<double> action)
        {
            var feedTemperature = observation[3] - StirredReactor.NominalFeedTemperature;
            action[0] = Math.Clamp(gains[3] - (gains[4] * feedTemperature), 50, 150);
            action[1] = _loop.Next(gains[0] - observation[1], gains[5] + (gains[6] * feedTemperature), 0.1);
        }
    }

    // The heat pump holds the room's temperature, with feed forward of the outside temperature, as a heating curve has it. Of prices it knows nothing.
    private sealed class RoomController(double[] gains) : IController
    {
        private readonly PiLoop _loop = new(gains[1], gains[2], 0, TariffRoom.MaxPower);

        public void Start() => _loop.Start();

        public void Act(ReadOnlySpan<double> observation, Span<double> action) =>
            action[0] = _loop.Next(gains[0] - observation[0], gains[3] * (20 - observation[2]), 1);
    }

    // The force is in proportion to the way left and its integral; friction damps the cart.
    private sealed class CartController(double[] gains) : IController
    {
        private readonly PiLoop _loop = new(gains[0], gains[1], -DelayedCart.MaxForce, DelayedCart.MaxForce);

        public void Start() => _loop.Start();

        public void Act(ReadOnlySpan<double> observation, Span<double> action) => action[0] = _loop.Next(-observation[0], 0, 0.1);
    }
}
